// Tunnels: what carries a stranger's packets inside others, to a far end or to the gateway itself.
#include "packets/applications.h"
#include "system/attacks/attack.h"

namespace portal::system_test {
namespace {

const std::string kLoad = "what the tunnel carries";

class TunnelAttack : public AttackTest {
  protected:
    // Datagrams to this port, of the internet and of the gateway.
    void expect_udp_closed(Ports ports) const {
        std::vector<Bytes> frames;
        for (const std::uint16_t port : ports)
            for (const Packet& way : {to_internet(), to_gateway()}) {
                frames.push_back(way / UDP{.dport = port} / Payload(kLoad));
                frames.push_back(way / UDP{.sport = port, .dport = port} / Payload(kLoad));
            }
        expect_nothing_passes(frames);
    }
    void expect_tcp_closed(Ports ports) const {
        std::vector<Bytes> frames;
        for (const std::uint16_t port : ports)
            for (const std::uint8_t flags : Numbers{kSyn, kAck})
                frames.push_back(to_internet() / TCP{.dport = port, .flags = flags});
        expect_nothing_passes(frames);
    }
    void expect_protocols_closed(Numbers protocols, const Packet& inside) const {
        std::vector<Bytes> frames;
        for (const std::uint8_t protocol : protocols)
            for (const IpAddress& end : {server_address(), gateway_address()})
                frames.push_back(carrying(protocol, end) / inside);
        expect_nothing_passes(frames);
    }
};

TEST_P(TunnelAttack, DnsToAForeignResolver) {
    const std::string name(60, 'a');
    const Payload question(dns_question(name + '.' + name + ".tunnel.example"));
    expect_nothing_passes({to_internet() / UDP{.dport = 53} / question,
                           to_internet() / UDP{.sport = 53, .dport = 53} / question,
                           to_internet() / TCP{.dport = 53},
                           to_internet() / TCP{.dport = 53, .flags = kAck | kPsh} / question});
}

TEST_P(TunnelAttack, DnsOverTlsHttpsAndQuic) {
    expect_tcp_closed({853, 443, 8443});
    expect_udp_closed({853, 443, 784, 8853});
}

TEST_P(TunnelAttack, OtherNameServices) {
    expect_udp_closed({5353, 5355, 137});
}

TEST_P(TunnelAttack, IcmpCarriesNothingOut) {
    std::vector<Bytes> frames{to_internet() / echo_request() / Payload(kLoad),
                              to_internet() / echo_reply() / Payload(kLoad)};
    for (const std::uint8_t type : Numbers{1, 2, 3, 4, 5, 11, 12, 13, 17, 30, 40, 42, 253})
        frames.push_back(v4() ? to_internet() / ICMP{.type = type} / Payload(kLoad)
                              : to_internet() / ICMPv6{.type = type} / Payload(kLoad));
    expect_nothing_passes(frames);
}

// A ping of the gateway is answered by the gateway, and goes no further.
TEST_P(TunnelAttack, APingOfTheGatewayStaysThere) {
    expect_nothing_leaves({to_gateway() / echo_request() / Payload(kLoad),
                           to_gateway() / echo_request() / Payload(std::size_t{1400})});
}

TEST_P(TunnelAttack, IpInIp) {
    const Packet inside4 = IPv4{} / TCP{.dport = 443};
    const Packet inside6 = IPv6{} / TCP{.dport = 443};
    expect_protocols_closed({4, 94}, inside4);
    expect_protocols_closed({41}, inside6);
}

TEST_P(TunnelAttack, Teredo) {
    const Packet inside = IPv6{} / UDP{.dport = 443};
    expect_nothing_passes({to_internet() / UDP{.sport = 3544, .dport = 3544} / inside,
                           to_internet() / UDP{.dport = 3544} / inside});
}

TEST_P(TunnelAttack, Gre) {
    expect_protocols_closed({47}, Payload(Bytes{0, 0, 8, 0}) / (IPv4{} / UDP{.dport = 443}));
}

TEST_P(TunnelAttack, IPsec) {
    expect_protocols_closed({50, 51, 108}, Payload(std::size_t{64}));
    expect_udp_closed({500, 4500});
}

TEST_P(TunnelAttack, L2tpAndPptp) {
    expect_protocols_closed({115}, Payload(std::size_t{64}));
    expect_udp_closed({1701});
    expect_tcp_closed({1723});
}

TEST_P(TunnelAttack, WireGuardAndOpenVpn) {
    expect_udp_closed({51820, 1194});
    expect_tcp_closed({1194});
}

TEST_P(TunnelAttack, VxlanGeneveAndGtp) {
    expect_udp_closed({4789, 8472, 6081, 2152, 4754});
}

TEST_P(TunnelAttack, OtherTransports) {
    // IGMP, EIGRP, DCCP, OSPF, PIM, SCTP, UDP-Lite, MPLS in IP, Ethernet in IP, experiments
    expect_protocols_closed({2, 33, 88, 89, 97, 103, 132, 136, 137, 253, 254, 255},
                            UDP{.sport = 53, .dport = 53} / Payload(kLoad));
}

// What home gateways open ports by.
TEST_P(TunnelAttack, PortMappings) {
    expect_udp_closed({1900, 5350, 5351});
    expect_tcp_closed({5000, 2869});
}

PORTAL_BOTH_FAMILIES(TunnelAttack);

}  // namespace
}  // namespace portal::system_test
