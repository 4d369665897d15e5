// Frames from a client, and the reason each must get.
#pragma once

#include <string>
#include <vector>

#include "bpf/world.h"
#include "packets/packet.h"
#include "portal_abi.h"

namespace portal::gate {

struct IngressRow {
    std::string description;
    packets::Bytes frame;
    reason stranger;
    reason member = REASON_AUTHORIZED;  // when its client is signed in
    std::uint16_t vlan = 0;             // of the client
};

using IngressRows = std::vector<IngressRow>;

IngressRows link_rows();
IngressRows arp_rows();
IngressRows ipv4_rows();
IngressRows ipv6_rows();
IngressRows transport_rows();
IngressRows source_rows();
IngressRows tcp_rows();
IngressRows udp_rows();
IngressRows icmp_rows();
IngressRows neighbor_discovery_rows();

// All of them.
IngressRows ingress_rows();

}  // namespace portal::gate
