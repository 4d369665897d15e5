// What other portals leave in the kernel for their signed-in clients, as their programs read it.
#pragma once

#include <cstdint>
#include <string>

namespace portal::bench {

// For `iptables-restore`: the chains of openNDS 9.10, with a few rules for each client. The client
// interface is the lab's.
std::string opennds_rules(std::uint32_t clients);

// For `nft -f`: one set of MAC addresses, and what is not in it dropped before the routing
// decision, which is the cheapest place that knows both families.
std::string nftables_rules(std::uint32_t clients);

}  // namespace portal::bench
