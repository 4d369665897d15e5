// The clients' side of the gateway: its links, and the networks on them.
#pragma once

#include <compare>
#include <cstdint>

#include "base/ip_address.h"
#include "base/mac.h"

namespace portal::dataplane {

// A link whose packets are clients'.
struct ClientLink {
    unsigned ifindex = 0;
    unsigned home = 0;  // the client interface that it is, is stacked on, or is a member of
    Mac mac;
    bool generic_xdp = false;  // several frames may reach XDP there as one

    auto operator<=>(const ClientLink&) const = default;
};

// A network as the gate sees it: frames of it come through a client interface, with a VLAN's tag
// or without (0).
struct LinkNetwork {
    unsigned ifindex = 0;
    std::uint16_t vlan = 0;
    Prefix prefix;
    IpAddress gateway;  // its own address in it

    auto operator<=>(const LinkNetwork&) const = default;
};

}  // namespace portal::dataplane
