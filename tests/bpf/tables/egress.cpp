#include "bpf/tables/egress.h"

#include "packets/applications.h"
#include "packets/neighbor_discovery.h"

namespace portal::gate {

using namespace packets;

namespace {

const Ethernet kToClient{.src = kGatewayMac, .dst = kClientMac};
const Ethernet kToAll{.src = kGatewayMac, .dst = kBroadcastMac};

constexpr std::uint8_t kErrors[] = {3, 11, 12};
constexpr std::uint8_t kErrors6[] = {1, 2, 3, 4};

class Table {
  public:
    // Passes only where it was made by the gateway itself.
    void local_only(const std::string& what, const Packet& frame) {
        add(what, frame, Origin::local, REASON_TX_ANSWER);
        add(what, frame, Origin::forwarded, REASON_TX_STRANGER);
    }
    void answer(const std::string& what, const Packet& frame) {
        both(what, frame, REASON_TX_ANSWER);
    }
    void refused(const std::string& what, const Packet& frame) {
        both(what, frame, REASON_TX_STRANGER);
    }
    void add(const std::string& what, const Packet& frame, Origin origin, reason expected) {
        rows.push_back({what + (origin == Origin::local ? ", local" : ", forwarded"), frame, origin,
                        expected});
    }

    std::vector<EgressRow> rows;

  private:
    void both(const std::string& what, const Packet& frame, reason expected) {
        add(what, frame, Origin::local, expected);
        add(what, frame, Origin::forwarded, expected);
    }
};

void family_rows(Table& table, const Family& family) {
    const std::string name = std::string(family.name) + ", ";
    const auto from = [&](const IpAddress& src, const Packet& transport) {
        return kToClient / family.from(src) / transport;
    };
    const auto tcp = [](std::uint16_t sport) {
        return TCP{.sport = sport, .dport = 40000, .flags = kAck};
    };
    const auto udp = [](std::uint16_t sport) { return UDP{.sport = sport, .dport = 40000}; };

    table.local_only(name + "the responder's answer for a server", from(family.server, tcp(80)));
    table.answer(name + "the portal's HTTP", from(family.gateway, tcp(80)));
    table.answer(name + "the portal's HTTPS", from(family.gateway, tcp(443)));
    table.refused(name + "a server's HTTPS", from(family.server, tcp(443)));
    table.refused(name + "the gateway's SSH", from(family.gateway, tcp(22)));
    table.refused(name + "HTTPS of the gateway's uplink", from(family.uplink, tcp(443)));
    table.refused(name + "a SYN to the client",
                  from(family.server, TCP{.sport = 40000, .dport = 22}));

    table.answer(name + "DNS over UDP", from(family.gateway, udp(53)));
    table.answer(name + "DNS over TCP", from(family.gateway, tcp(53)));
    table.answer(name + "DNS of a permitted resolver", from(family.resolver, udp(53)));
    table.refused(name + "DNS of a foreign resolver", from(family.server, udp(53)));
    table.refused(name + "DNS of a foreign resolver over TCP", from(family.server, tcp(53)));
    table.refused(name + "QUIC", from(family.server, udp(443)));
    table.refused(name + "a download over UDP", from(family.server, udp(5001)));
    table.refused(name + "UDP to the DHCP client's port",
                  from(family.server, UDP{.sport = 40000, .dport = 68}));

    table.answer(name + "garden, any TCP port", from(family.garden, tcp(22)));
    table.answer(name + "garden, any UDP port", from(family.garden, udp(4500)));
    table.answer(name + "garden, ping", from(family.garden, family.echo_reply()));
    table.answer(name + "garden of ports, its TCP port",
                 from(family.garden_ports, tcp(kGardenTcp)));
    table.answer(name + "garden of ports, its UDP port",
                 from(family.garden_ports, udp(kGardenUdp)));
    table.refused(name + "garden of ports, another", from(family.garden_ports, tcp(443)));
    table.refused(name + "garden of ports, the port of UDP",
                  from(family.garden_ports, tcp(kGardenUdp)));
    table.refused(name + "garden, to a group of clients",
                  kToAll / family.from_to(family.garden, family.group) / udp(4500));
    table.refused(name + "multicast",
                  kToAll / family.from_to(family.server, family.group) / udp(5004));

    table.local_only(name + "echo reply", from(family.gateway, family.echo_reply()));
    table.refused(name + "echo request", from(family.server, family.echo_request()));
}

void ipv4_rows(Table& table) {
    const IPv4 from_gateway{.src = kGateway4, .dst = kClient4};
    const IPv4 from_server{.src = kServer4, .dst = kClient4};
    const IPv4 fragment{.src = kGateway4, .dst = kClient4, .more_fragments = true};
    const IPv4 query{.src = kGateway4,
                     .dst = ip("224.0.0.1"),
                     .ttl = 1,
                     .options = {148, 4, 0, 0},
                     .protocol = 2};
    const Arp reply{.operation = 2,
                    .sender_mac = kGatewayMac,
                    .sender_ip = kGateway4,
                    .target_mac = kClientMac,
                    .target_ip = kClient4};

    table.local_only("ARP reply", kToClient / reply);
    table.local_only("ARP request", kToAll / Arp{.sender_mac = kGatewayMac});
    table.local_only("DHCP offer", kToClient / from_gateway / dhcp_offer());
    table.local_only("DHCP offer to all", kToAll / from_gateway / dhcp_offer());
    table.local_only("IGMP query", kToAll / query / Payload{8});
    for (const std::uint8_t type : kErrors)
        table.local_only("ICMP type " + std::to_string(type),
                         kToClient / from_gateway / ICMP{.type = type} / Payload{28});
    table.refused("ICMP redirect", kToClient / from_gateway / ICMP{.type = 5} / Payload{28});
    table.refused("DNS fragment", kToClient / fragment / UDP{.sport = 53} / Payload{32});
    table.refused("GRE",
                  kToClient / IPv4{.src = kServer4, .dst = kClient4, .protocol = 47} / Payload{32});
    table.refused("garden, GRE",
                  kToClient / IPv4{.src = kFamilies[0].garden, .dst = kClient4, .protocol = 47} /
                      Payload{32});
    table.refused("port 80 behind options",
                  kToClient / IPv4{.src = kServer4, .dst = kClient4, .options = {1, 1, 1, 0}} /
                      TCP{.sport = 80, .flags = kAck});
}

void ipv6_rows(Table& table) {
    const IPv6 link{.src = kGatewayLinkLocal, .dst = kClientLinkLocal, .hop_limit = 255};
    const IPv6 link_all{.src = kGatewayLinkLocal, .dst = ip("ff02::1"), .hop_limit = 255};
    const IPv6 from_gateway{.src = kGateway6, .dst = kClient6};

    table.local_only("router advertisement", kToAll / link_all / router_advertisement(kGatewayMac));
    table.local_only("neighbor solicitation",
                     kToAll / link_all / neighbor_solicitation(kClient6, kGatewayMac));
    table.local_only("neighbor advertisement",
                     kToClient / link / neighbor_advertisement(kGateway6, kGatewayMac));
    table.local_only("MLD query",
                     kToAll / IPv6{.src = kGatewayLinkLocal, .dst = ip("ff02::1"), .hop_limit = 1} /
                         mld_query());
    table.local_only("DHCPv6 advertise", kToClient / link / dhcpv6_advertise());
    for (const std::uint8_t type : kErrors6)
        table.local_only("ICMPv6 type " + std::to_string(type),
                         kToClient / from_gateway / ICMPv6{.type = type} / Payload{48});
    table.refused("redirect", kToClient / link / redirect(kGateway6, kServer6));
    table.refused("port 80 behind a routing header",
                  kToClient / IPv6{.src = kServer6, .dst = kClient6} / Routing{} /
                      TCP{.sport = 80, .flags = kAck});
}

void link_rows(Table& table) {
    const Packet eapol = Payload{Bytes{2, 0, 0, 0}};
    table.local_only("EAPOL",
                     Ethernet{.src = kGatewayMac, .dst = kClientMac, .ethertype = 0x888e} / eapol);
    table.refused(
        "LLDP", Ethernet{.src = kGatewayMac, .dst = kToAll.dst, .ethertype = 0x88cc} / Payload{46});
    table.refused("three tags", kToClient / Vlan{} / Vlan{} / Vlan{} / IPv4{.src = kGateway4} /
                                    TCP{.sport = 443, .flags = kAck});
    table.answer("the portal, in a VLAN", kToClient / Vlan{} /
                                              IPv4{.src = kGateway4, .dst = kClient4} /
                                              TCP{.sport = 443, .flags = kAck});
}

}  // namespace

std::vector<EgressRow> egress_rows() {
    Table table;
    link_rows(table);
    for (const Family& family : kFamilies)
        family_rows(table, family);
    ipv4_rows(table);
    ipv6_rows(table);
    return std::move(table.rows);
}

}  // namespace portal::gate
