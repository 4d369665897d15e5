// Events from the kernel's programs, by a BPF ring buffer.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip_address.h"
#include "domain/client.h"

struct ring_buffer;

namespace portal::dataplane {

// What the gate has seen of a client.
struct Sighting {
    enum class Kind {
        stranger,   // a client and address not seen before, or not for long
        elsewhere,  // the key of a session, on another client interface than its own
        bound,      // the use of an address that belongs to another client
    };
    Kind kind = Kind::stranger;
    ClientId client;
    IpAddress address;  // :: for a client that has none yet
    unsigned ifindex = 0;
    MonotonicTime time{0};
};

class EventRing {
  public:
    using Callback = std::function<void(const Sighting&)>;

    // `callback` is called from consume().
    static Result<EventRing> open(int map_fd, Callback callback);

    // Readable (EPOLLIN) when there are events.
    int fd() const;
    // Hands over what is there, without waiting.
    void consume();

  private:
    struct Close {
        void operator()(ring_buffer* ring) const;
    };
    EventRing(std::unique_ptr<Callback> callback, std::unique_ptr<ring_buffer, Close> ring);

    std::unique_ptr<Callback> callback_;
    std::unique_ptr<ring_buffer, Close> ring_;
};

}  // namespace portal::dataplane
