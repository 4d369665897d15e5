#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

// Where a frame may claim to come from. The gateway's own addresses are no client's, not even a
// signed-in one's, and not behind a header the parser refuses.
IngressRows source_rows() {
    IngressRows rows;
    const Ethernet eth{};
    const TCP web{.dport = 80}, https{.dport = 443};

    for (const Family& family : kFamilies) {
        const auto row = [&](std::string what, Bytes frame, reason stranger, reason member) {
            rows.push_back(
                {family.name + (", " + std::move(what)), std::move(frame), stranger, member});
        };
        for (const IpAddress& own : {family.gateway, family.uplink}) {
            const std::string name = own.to_string();
            row("port 80 from " + name, eth / family.from_to(own, family.server) / web,
                REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS);
            row("DNS from " + name, eth / family.from_to(own, family.gateway) / UDP{.dport = 53},
                REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS);
            row("port 443 from " + name, eth / family.from_to(own, family.server) / https,
                REASON_HTTPS, REASON_SOURCE_ADDRESS);
            row("bad TCP header from " + name,
                eth / family.from_to(own, family.server) / TCP{.data_offset = 4},
                REASON_TRANSPORT_HEADER, REASON_SOURCE_ADDRESS);
        }
        for (const IpAddress& source :
             {family.loopback, family.group, family.unspecified, family.server}) {
            const std::string name = source.to_string();
            row("port 80 from " + name, eth / family.from_to(source, family.server) / web,
                REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS);
            row("portal from " + name, eth / family.from_to(source, family.gateway) / https,
                REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS);
            row("garden from " + name, eth / family.from_to(source, family.garden) / https,
                REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS);
        }
    }
    const IPv4 broadcast{.src = ip("255.255.255.255")};
    rows.push_back(
        {"from broadcast", eth / broadcast / web, REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS});
    const IPv4 this_network{.src = ip("0.0.0.9")};
    rows.push_back({"from this network", eth / this_network / web, REASON_SOURCE_ADDRESS,
                    REASON_SOURCE_ADDRESS});
    const IPv4 optional{.src = kGateway4, .options = {1, 1, 1, 0}};
    rows.push_back({"from the gateway, with IPv4 options", eth / optional / https,
                    REASON_IP_OPTIONS, REASON_SOURCE_ADDRESS});
    const IPv4 fragment{.src = kGateway4, .more_fragments = true};
    rows.push_back({"from the gateway, an IPv4 fragment", eth / fragment / UDP{}, REASON_FRAGMENT,
                    REASON_SOURCE_ADDRESS});
    const IPv6 from_gateway{.src = kGateway6};
    rows.push_back({"from the gateway, with a routing header",
                    eth / from_gateway / Routing{} / https, REASON_IP_OPTIONS,
                    REASON_SOURCE_ADDRESS});
    rows.push_back({"from the gateway, extensions too many",
                    eth / from_gateway / HopByHop{} / HopByHop{} / https, REASON_IP_EXTENSION,
                    REASON_SOURCE_ADDRESS});
    rows.push_back({"from the gateway, an IPv6 fragment", eth / from_gateway / Fragment{} / https,
                    REASON_FRAGMENT, REASON_SOURCE_ADDRESS});
    const IPv6 link_local{.src = kGatewayLinkLocal, .dst = kGatewayLinkLocal};
    rows.push_back({"from the gateway's link-local address", eth / link_local / https,
                    REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS});
    return rows;
}

}  // namespace portal::gate
