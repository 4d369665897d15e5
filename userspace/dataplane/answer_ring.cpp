#include "dataplane/answer_ring.h"

#include <bpf/libbpf.h>

#include <cerrno>

#include "dataplane/abi.h"

namespace portal::dataplane {

namespace {

constexpr int kMostAtOnce = 256;

}  // namespace

int AnswerRing::deliver(void* context, void* data, std::size_t size) {
    auto& reader = *static_cast<Reader*>(context);
    const auto* answer = static_cast<const dns_answer*>(data);
    if (size >= sizeof(dns_answer) && answer->size <= sizeof answer->message)
        reader.callback({answer->message, answer->size},
                        MonotonicTime(static_cast<std::int64_t>(answer->time)));
    // An error ends the round; this answer counts as read.
    return --reader.left > 0 ? 0 : -ECANCELED;
}

void AnswerRing::Close::operator()(ring_buffer* ring) const {
    ring_buffer__free(ring);
}

AnswerRing::AnswerRing(std::unique_ptr<Reader> reader, std::unique_ptr<ring_buffer, Close> ring)
    : reader_(std::move(reader)), ring_(std::move(ring)) {}

Result<AnswerRing> AnswerRing::open(int map_fd, Callback callback) {
    // On the heap, since libbpf keeps its address.
    auto reader = std::make_unique<Reader>(Reader{std::move(callback)});
    std::unique_ptr<ring_buffer, Close> ring(
        ring_buffer__new(map_fd, deliver, reader.get(), nullptr));
    if (!ring) return fail_errno("cannot read the answers that the dataplane has copied");
    return AnswerRing(std::move(reader), std::move(ring));
}

int AnswerRing::fd() const {
    return ring_buffer__epoll_fd(ring_.get());
}

void AnswerRing::consume() {
    reader_->left = kMostAtOnce;
    ring_buffer__consume(ring_.get());
}

}  // namespace portal::dataplane
