#include "packets/neighbor_discovery.h"
#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

namespace {

IPv6 on_link(const IpAddress& dst, std::uint8_t hop_limit = 255,
             const IpAddress& src = kClientLinkLocal) {
    return IPv6{.src = src, .dst = dst, .hop_limit = hop_limit};
}

void discovery_rows(IngressRows& rows) {
    const Ethernet eth{}, all{.dst = mac("33:33:00:00:00:01")};
    const IpAddress every_node = ip("ff02::1"), routers = ip("ff02::2");
    const IpAddress solicited = ip("ff02::1:ff00:1");
    const Packet ask = neighbor_solicitation(kGatewayLinkLocal);
    const Packet tell = neighbor_advertisement(kClientLinkLocal);
    const Bytes short_ask = eth / on_link(solicited) / ICMPv6{.type = 135} / Payload{15};
    const IPv6 cut{
        .src = kClientLinkLocal, .dst = solicited, .hop_limit = 255, .payload_length = 23};

    rows.insert(
        rows.end(),
        {
            {"NS", all / on_link(solicited) / ask, REASON_NEIGHBOR_DISCOVERY},
            {"NS in a VLAN", all / Vlan{} / on_link(solicited) / ask, REASON_NEIGHBOR_DISCOVERY,
             REASON_AUTHORIZED, 100},
            {"NS, duplicate address detection",
             all / on_link(solicited, 255, ip("::")) / neighbor_solicitation(kClient6),
             REASON_NEIGHBOR_DISCOVERY},
            {"NS to the gateway alone", eth / on_link(kGatewayLinkLocal) / ask,
             REASON_NEIGHBOR_DISCOVERY},
            {"NS to the gateway's global address", eth / on_link(kGateway6) / ask,
             REASON_NEIGHBOR_DISCOVERY},
            {"NS, hop limit 254", all / on_link(solicited, 254) / ask, REASON_ND_INVALID,
             REASON_ND_INVALID},
            {"NS, hop limit 0", all / on_link(solicited, 0) / ask, REASON_ND_INVALID,
             REASON_ND_INVALID},
            {"NS without a target", short_ask, REASON_ND_INVALID, REASON_ND_INVALID},
            {"NS with its target in the padding", all / cut / ask, REASON_ND_INVALID,
             REASON_ND_INVALID},
            {"NS from the gateway's address",
             all / on_link(solicited, 255, kGatewayLinkLocal) / ask, REASON_SOURCE_ADDRESS,
             REASON_SOURCE_ADDRESS},
            {"NA", all / on_link(every_node) / tell, REASON_NEIGHBOR_DISCOVERY},
            {"NA to the gateway", eth / on_link(kGatewayLinkLocal) / tell,
             REASON_NEIGHBOR_DISCOVERY},
            {"NA, hop limit 254", all / on_link(every_node, 254) / tell, REASON_ND_INVALID,
             REASON_ND_INVALID},
            {"NA for the gateway", all / on_link(every_node) / neighbor_advertisement(kGateway6),
             REASON_ND_INVALID, REASON_ND_INVALID},
            {"NA for the gateway's link-local address",
             all / on_link(every_node) / neighbor_advertisement(kGatewayLinkLocal),
             REASON_ND_INVALID, REASON_ND_INVALID},
            {"RS", all / on_link(routers) / router_solicitation(), REASON_NEIGHBOR_DISCOVERY},
            {"RS from no address", all / on_link(routers, 255, ip("::")) / ICMPv6{.type = 133},
             REASON_NEIGHBOR_DISCOVERY},
            {"RS, hop limit 254", all / on_link(routers, 254) / router_solicitation(),
             REASON_ND_INVALID, REASON_ND_INVALID},
            {"RA", all / on_link(every_node) / router_advertisement(), REASON_ROGUE_SERVER,
             REASON_ROGUE_SERVER},
            {"redirect", eth / on_link(kClientLinkLocal) / redirect(kGateway6, kServer6),
             REASON_ROGUE_SERVER, REASON_ROGUE_SERVER},
        });
    // The gateway would forward these as any packet, payload and all.
    for (const IpAddress& away : {kServer6, ip("ff0e::1"), ip("ff05::2"), ip("2001:db8:1::1:1")}) {
        const std::string to = " to " + away.to_string();
        rows.push_back({"NS" + to, eth / on_link(away, 255, kClient6) / ask, REASON_ND_INVALID,
                        REASON_ND_INVALID});
        rows.push_back({"NA" + to, eth / on_link(away, 255, kClient6) / tell, REASON_ND_INVALID,
                        REASON_ND_INVALID});
        rows.push_back({"RS" + to, eth / on_link(away, 255, kClient6) / router_solicitation(),
                        REASON_ND_INVALID, REASON_ND_INVALID});
    }
}

void mld_rows(IngressRows& rows) {
    const Ethernet all{.dst = mac("33:33:00:00:00:16")};
    const IpAddress group = ip("ff02::fb"), listeners = ip("ff02::16");

    rows.insert(rows.end(),
                {
                    {"MLD report", all / on_link(group, 1) / mld_report(group), REASON_MLD},
                    {"MLD done", all / on_link(ip("ff02::2"), 1) / mld_done(group), REASON_MLD},
                    {"MLDv2 report", all / on_link(listeners, 1) / mldv2_report(group), REASON_MLD},
                    {"MLDv2 report from no address",
                     all / on_link(listeners, 1, ip("::")) / mldv2_report(group), REASON_MLD},
                    {"MLDv2 report, hop limit 2", all / on_link(listeners, 2) / mldv2_report(group),
                     REASON_ND_INVALID},
                    {"MLD query", all / on_link(ip("ff02::1"), 1) / mld_query(), REASON_ICMP},
                });
}

}  // namespace

IngressRows neighbor_discovery_rows() {
    IngressRows rows;
    discovery_rows(rows);
    mld_rows(rows);
    return rows;
}

}  // namespace portal::gate
