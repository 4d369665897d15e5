// Events from the kernel's programs, by a BPF ring buffer, and how many had to be left out of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip_address.h"
#include "base/unique_fd.h"
#include "domain/client.h"

struct ring_buffer;

namespace portal::dataplane {

// enum event_type of bpf/portal_abi.h.
enum class KernelEventType {
    stranger,  // a client and address not seen before, or not for long
    forgery,   // a frame that speaks for another than it came from
    flood,     // more of a stranger than it has a budget for
};

struct KernelEvent {
    KernelEventType type = KernelEventType::stranger;
    ClientId client;
    IpAddress address;  // :: where none is known
    unsigned ifindex = 0;
    std::string_view reason;  // forgery, flood: the verdict on the frame; else empty
    MonotonicTime time{0};
};

struct EventLoss {
    KernelEventType type = KernelEventType::stranger;
    std::uint64_t count = 0;
};

class EventRing {
  public:
    using Callback = std::function<void(const KernelEvent&)>;

    // `counts_fd`: the map `event_counts`. `callback` is called from consume().
    static Result<EventRing> open(int events_fd, int counts_fd, Callback callback);
    EventRing(EventRing&&) noexcept;
    EventRing& operator=(EventRing&&) noexcept;
    ~EventRing();

    // Readable (EPOLLIN) when there are events.
    int fd() const;
    // Hands over what is there, without waiting, and not more than is read in a moment: what comes
    // meanwhile may never end.
    void consume();

    // What the programs have left out since the last call, or open(); types without a loss are
    // not named.
    Result<std::vector<EventLoss>> take_losses();

  private:
    struct Close {
        void operator()(ring_buffer* ring) const;
    };
    struct Reader;
    EventRing(std::unique_ptr<Reader> reader, std::unique_ptr<ring_buffer, Close> ring,
              UniqueFd counts);

    std::unique_ptr<Reader> reader_;
    std::unique_ptr<ring_buffer, Close> ring_;
    UniqueFd counts_;
    std::vector<std::uint64_t> lost_;  // by enum event_type, as last read
};

}  // namespace portal::dataplane
