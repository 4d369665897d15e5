#include "bpf/tables/ingress.h"

#include <algorithm>
#include <iterator>

namespace portal::gate {

IngressRows ingress_rows() {
    IngressRows all;
    for (auto rows : {link_rows, arp_rows, ipv4_rows, ipv6_rows, transport_rows, source_rows,
                      tcp_rows, udp_rows, icmp_rows, neighbor_discovery_rows}) {
        IngressRows table = rows();
        std::ranges::move(table, std::back_inserter(all));
    }
    return all;
}

}  // namespace portal::gate
