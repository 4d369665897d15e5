#include "bpf/tables/ingress.h"
#include "packets/applications.h"

namespace portal::gate {

using namespace packets;

namespace {

void dhcp_rows(IngressRows& rows) {
    const Ethernet all{.dst = kBroadcastMac}, eth{}, all_servers{.dst = mac("33:33:00:01:00:02")};
    const IPv4 fresh{.src = ip("0.0.0.0"), .dst = ip("255.255.255.255")};
    const IPv6 v6{.src = kClientLinkLocal, .dst = ip("ff02::1:2")};
    const UDP request{.sport = 68, .dport = 67};

    rows.insert(
        rows.end(),
        {
            {"DHCP discover", all / fresh / dhcp_discover(), REASON_DHCP},
            {"DHCP discover in a VLAN", all / Vlan{} / fresh / dhcp_discover(), REASON_DHCP,
             REASON_AUTHORIZED, 100},
            {"DHCP renewal of the gateway", eth / IPv4{.dst = kGateway4} / request, REASON_DHCP},
            {"DHCP rebinding", all / IPv4{.dst = ip("255.255.255.255")} / request, REASON_DHCP},
            {"DHCP of a foreign server", eth / IPv4{} / request, REASON_UDP},
            {"DHCP of the gateway's uplink", eth / IPv4{.dst = ip("198.51.100.1")} / request,
             REASON_UDP},
            {"DHCP from another port", all / fresh / UDP{.sport = 1068, .dport = 67}, REASON_UDP,
             REASON_SOURCE_ADDRESS},
            {"DHCP from the gateway's address",
             all / IPv4{.src = kGateway4, .dst = ip("255.255.255.255")} / request,
             REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS},
            {"DHCP from loopback",
             all / IPv4{.src = ip("127.0.0.1"), .dst = ip("255.255.255.255")} / request,
             REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS},
            {"DHCP offer", all / IPv4{.dst = ip("255.255.255.255")} / dhcp_offer(),
             REASON_ROGUE_SERVER, REASON_ROGUE_SERVER},
            {"DHCP relayed", eth / IPv4{} / UDP{.sport = 67, .dport = 67}, REASON_UDP},
            {"another broadcast", all / IPv4{.dst = ip("255.255.255.255")} / UDP{.dport = 9},
             REASON_UDP},
            {"from no address, not DHCP", all / fresh / UDP{.dport = 9}, REASON_UDP,
             REASON_SOURCE_ADDRESS},
            {"DNS from no address",
             eth / IPv4{.src = ip("0.0.0.0"), .dst = kGateway4} / UDP{.dport = 53},
             REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS},
            {"DHCPv6 solicit", all_servers / v6 / dhcpv6_solicit(), REASON_DHCP},
            {"DHCPv6 to the gateway", eth / IPv6{.dst = kGateway6} / dhcpv6_solicit(), REASON_DHCP},
            {"DHCPv6 to the site's servers", eth / IPv6{.dst = ip("ff05::1:3")} / dhcpv6_solicit(),
             REASON_UDP},
            {"DHCPv6 of a foreign server", eth / IPv6{} / dhcpv6_solicit(), REASON_UDP},
            {"DHCPv6 advertise", all / v6 / dhcpv6_advertise(), REASON_ROGUE_SERVER,
             REASON_ROGUE_SERVER},
            {"DHCPv4's ports over IPv6", eth / IPv6{.dst = kGateway6} / request, REASON_UDP},
            {"DHCPv6's ports over IPv4",
             eth / IPv4{.dst = kGateway4} / UDP{.sport = 546, .dport = 547}, REASON_UDP},
        });
}

}  // namespace

IngressRows udp_rows() {
    IngressRows rows;
    for (const Family& family : kFamilies) {
        const auto row = [&](std::string what, const IpAddress& dst, Packet udp, reason expected) {
            rows.push_back({family.name + (", " + std::move(what)),
                            Ethernet{} / family.to(dst) / udp, expected});
        };
        row("DNS of the gateway", family.gateway, dns_query(), REASON_DNS);
        row("DNS of a permitted resolver", family.resolver, dns_query(), REASON_DNS);
        row("DNS of a foreign resolver", family.server, dns_query(), REASON_DNS_FOREIGN);
        row("DNS of the gateway's uplink", family.uplink, dns_query(), REASON_DNS_FOREIGN);
        row("DNS of the garden", family.garden, dns_query(), REASON_DNS_FOREIGN);
        row("QUIC", family.server, UDP{.dport = 443}, REASON_QUIC);
        row("QUIC to the portal", family.gateway, UDP{.dport = 443}, REASON_QUIC);
        row("port 80", family.server, UDP{.dport = 80}, REASON_UDP);
        row("NTP", family.server, UDP{.dport = 123}, REASON_UDP);
        row("DNS over DTLS", family.gateway, UDP{.dport = 853}, REASON_UDP);
        row("multicast DNS", family.group, UDP{.sport = 5353, .dport = 5353}, REASON_UDP);
        row("from port 53", family.server, UDP{.sport = 53, .dport = 40000}, REASON_UDP);
        row("garden, any port", family.garden, UDP{.dport = 4500}, REASON_GARDEN);
        row("garden, QUIC", family.garden, UDP{.dport = 443}, REASON_GARDEN);
        row("garden of one port", family.garden_ports, UDP{.dport = kGardenUdp}, REASON_GARDEN);
        row("garden, the port of TCP", family.garden_ports, UDP{.dport = kGardenTcp}, REASON_UDP);
        row("garden, QUIC not in it", family.garden_ports, UDP{.dport = 443}, REASON_QUIC);
    }
    dhcp_rows(rows);
    return rows;
}

}  // namespace portal::gate
