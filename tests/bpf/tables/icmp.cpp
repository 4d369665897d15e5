#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

namespace {

// Errors, redirects and router advertisements, timestamps, masks.
constexpr std::uint8_t kRefusedTypes[] = {3, 5, 9, 10, 11, 13, 17};
// Errors, MLD queries, node information, inverse discovery, mobility, router discovery.
constexpr std::uint8_t kRefusedTypes6[] = {1, 2, 3, 4, 8, 130, 139, 141, 144, 151};

}  // namespace

IngressRows icmp_rows() {
    IngressRows rows;
    for (const Family& family : kFamilies) {
        const auto row = [&](std::string what, const IpAddress& dst, Packet icmp, reason expected) {
            rows.push_back({family.name + (", " + std::move(what)),
                            Ethernet{} / family.to(dst) / icmp, expected});
        };
        row("ping of the gateway", family.gateway, family.echo_request(), REASON_ICMP_ECHO);
        row("ping of the gateway's uplink", family.uplink, family.echo_request(), REASON_ICMP);
        row("ping of a server", family.server, family.echo_request(), REASON_ICMP);
        row("ping of a resolver", family.resolver, family.echo_request(), REASON_ICMP);
        row("ping of the garden", family.garden, family.echo_request(), REASON_GARDEN);
        row("ping of a garden of ports", family.garden_ports, family.echo_request(), REASON_ICMP);
        row("echo reply to the gateway", family.gateway, family.echo_reply(), REASON_ICMP);
        row("echo reply to the garden", family.garden, family.echo_reply(), REASON_ICMP);
    }
    const Ethernet eth{};
    const Payload quoted{28};
    for (const std::uint8_t type : kRefusedTypes)
        rows.push_back({"ICMP type " + std::to_string(type),
                        eth / IPv4{.dst = kGateway4} / ICMP{.type = type} / quoted, REASON_ICMP});
    for (const std::uint8_t type : kRefusedTypes6)
        rows.push_back(
            {"ICMPv6 type " + std::to_string(type),
             eth / IPv6{.dst = kGateway6, .hop_limit = 255} / ICMPv6{.type = type} / quoted,
             REASON_ICMP});
    return rows;
}

}  // namespace portal::gate
