// How much a stranger may send to the gateway at once, and all strangers together.
#pragma once

#include <cstdint>

namespace portal {

// A token bucket.
struct Budget {
    std::uint32_t rate = 0;   // units a second in the long run; 0: unlimited
    std::uint32_t burst = 0;  // units at once, at least 1

    bool operator==(const Budget&) const = default;
};

struct Budgets {
    Budget dns;          // packets to the permitted resolvers
    Budget dns_bytes;    // the same, in bytes
    Budget connections;  // SYNs to the responder
    Budget segments;     // other TCP segments to the responder
    Budget link;         // ARP, neighbor discovery, MLD, EAPOL
    Budget icmp;         // pings of the gateway
    Budget dhcp;

    bool operator==(const Budgets&) const = default;
};

struct StrangerBudgets {
    // A device that joins asks for some dozens of names and opens as many connections at once, and
    // then little: hence the bursts.
    Budgets client = {.dns = {5, 100},
                      .dns_bytes = {1000, 15'000},
                      .connections = {5, 100},
                      .segments = {200, 2000},
                      .link = {20, 200},
                      .icmp = {2, 20},
                      .dhcp = {2, 20}};
    // A thousand devices that join at once fit into the bursts. What all connections are allowed
    // bounds how fast their records are replaced.
    Budgets all = {.dns = {5000, 20'000},
                   .dns_bytes = {500'000, 5'000'000},
                   .connections = {1000, 5000},
                   .segments = {20'000, 50'000},
                   .link = {2000, 20'000},
                   .icmp = {200, 2000},
                   .dhcp = {500, 5000}};
    Budget newcomers = {200, 2000};

    bool operator==(const StrangerBudgets&) const = default;
};

}  // namespace portal
