#include "dataplane/event_ring.h"

#include <bpf/libbpf.h>

#include <optional>

#include "dataplane/abi.h"

namespace portal::dataplane {

namespace {

std::optional<Sighting::Kind> kind_of(std::uint32_t type) {
    switch (type) {
        case EVENT_STRANGER:
            return Sighting::Kind::stranger;
        case EVENT_ELSEWHERE:
            return Sighting::Kind::elsewhere;
        case EVENT_BOUND:
            return Sighting::Kind::bound;
        default:
            return std::nullopt;
    }
}

int deliver(void* context, void* data, std::size_t size) {
    if (size < sizeof(event)) return 0;
    const auto* raw = static_cast<const event*>(data);
    const auto kind = kind_of(raw->type);
    if (!kind) return 0;
    (*static_cast<const EventRing::Callback*>(context))(
        {*kind, from_abi(raw->client), from_abi(raw->address), raw->ifindex,
         MonotonicTime(static_cast<std::int64_t>(raw->time))});
    return 0;
}

}  // namespace

void EventRing::Close::operator()(ring_buffer* ring) const {
    ring_buffer__free(ring);
}

EventRing::EventRing(std::unique_ptr<Callback> callback, std::unique_ptr<ring_buffer, Close> ring)
    : callback_(std::move(callback)), ring_(std::move(ring)) {}

Result<EventRing> EventRing::open(int map_fd, Callback callback) {
    // On the heap, since libbpf keeps its address.
    auto kept = std::make_unique<Callback>(std::move(callback));
    std::unique_ptr<ring_buffer, Close> ring(
        ring_buffer__new(map_fd, deliver, kept.get(), nullptr));
    if (!ring) return fail_errno("cannot read the dataplane's events");
    return EventRing(std::move(kept), std::move(ring));
}

int EventRing::fd() const {
    return ring_buffer__epoll_fd(ring_.get());
}

void EventRing::consume() {
    ring_buffer__consume(ring_.get());
}

}  // namespace portal::dataplane
