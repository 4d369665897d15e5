#include "dataplane/event_ring.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>

#include <cstring>
#include <utility>

#include "dataplane/abi.h"
#include "dataplane/verdicts.h"

namespace portal::dataplane {

namespace {

constexpr int kMostAtOnce = 1024;

constexpr struct {
    event_type abi;
    KernelEventType type;
} kTypes[] = {
    {EVENT_STRANGER, KernelEventType::stranger},
    {EVENT_FORGERY, KernelEventType::forgery},
    {EVENT_FLOOD, KernelEventType::flood},
};
static_assert(std::size(kTypes) == EVENT_TYPES - 1);

bool has_reason(KernelEventType type) {
    return type == KernelEventType::forgery || type == KernelEventType::flood;
}

Result<std::vector<std::uint64_t>> read_losses(int counts_fd) {
    std::vector<event_count> cpus(static_cast<std::size_t>(libbpf_num_possible_cpus()));
    std::vector<std::uint64_t> lost(EVENT_TYPES);
    for (std::uint32_t type = 0; type < EVENT_TYPES; ++type) {
        if (const int error = bpf_map_lookup_elem(counts_fd, &type, cpus.data()))
            return fail_errno("cannot read the dataplane's count of events", {}, -error);
        for (const event_count& cpu : cpus)
            lost[type] += cpu.lost;
    }
    return lost;
}

}  // namespace

struct EventRing::Reader {
    Callback callback;
    int left = 0;

    static int take(void* context, void* data, std::size_t size) {
        auto& reader = *static_cast<Reader*>(context);
        if (size >= sizeof(event)) reader.deliver(*static_cast<const event*>(data));
        return --reader.left > 0 ? 0 : -1;
    }

    void deliver(const event& raw) const {
        for (const auto& [abi, type] : kTypes) {
            if (raw.type != abi) continue;
            callback({.type = type,
                      .client = from_abi(raw.client),
                      .address = from_abi(raw.address),
                      .ifindex = raw.ifindex,
                      .reason = has_reason(type) ? reason_name(raw.reason) : std::string_view{},
                      .time = MonotonicTime(static_cast<std::int64_t>(raw.time))});
        }
    }
};

void EventRing::Close::operator()(ring_buffer* ring) const {
    ring_buffer__free(ring);
}

EventRing::EventRing(std::unique_ptr<Reader> reader, std::unique_ptr<ring_buffer, Close> ring,
                     UniqueFd counts)
    : reader_(std::move(reader)), ring_(std::move(ring)), counts_(std::move(counts)) {}

EventRing::EventRing(EventRing&&) noexcept = default;
EventRing& EventRing::operator=(EventRing&&) noexcept = default;
EventRing::~EventRing() = default;

Result<EventRing> EventRing::open(int events_fd, int counts_fd, Callback callback) {
    // On the heap, since libbpf keeps its address.
    auto reader = std::make_unique<Reader>(std::move(callback));
    std::unique_ptr<ring_buffer, Close> ring(
        ring_buffer__new(events_fd, Reader::take, reader.get(), nullptr));
    if (!ring) return fail_errno("cannot read the dataplane's events");
    UniqueFd counts(fcntl(counts_fd, F_DUPFD_CLOEXEC, 0));
    if (!counts) return fail_errno("cannot read the dataplane's count of events");
    EventRing opened(std::move(reader), std::move(ring), std::move(counts));
    TRY_ASSIGN(opened.lost_, read_losses(opened.counts_.get()));
    return opened;
}

int EventRing::fd() const {
    return ring_buffer__epoll_fd(ring_.get());
}

void EventRing::consume() {
    reader_->left = kMostAtOnce;
    ring_buffer__consume(ring_.get());
}

Result<std::vector<EventLoss>> EventRing::take_losses() {
    TRY_ASSIGN(std::vector<std::uint64_t> now, read_losses(counts_.get()));
    std::vector<EventLoss> losses;
    for (const auto& [abi, type] : kTypes)
        if (now[abi] > lost_[abi]) losses.push_back({type, now[abi] - lost_[abi]});
    lost_ = std::move(now);
    return losses;
}

}  // namespace portal::dataplane
