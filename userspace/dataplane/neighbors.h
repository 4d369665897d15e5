// The addresses that clients were seen to use, as packets taught them to the kernel. Bounded and
// least recently used: for showing, never for deciding.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip_address.h"
#include "domain/client.h"

namespace portal::dataplane {

struct Neighbor {
    ClientId client;
    IpAddress address;  // :: for a client that has none yet
    unsigned ifindex = 0;
    MonotonicTime first_seen{0};
    MonotonicTime last_seen{0};
};

// Every neighbor in the pinned map `map_fd`, in no order.
Result<std::vector<Neighbor>> list_neighbors(int map_fd);

}  // namespace portal::dataplane
