// Attacks on the link: another's MAC or IP address, and the servers that tell clients where to go.
#include "packets/applications.h"
#include "packets/neighbor_discovery.h"
#include "system/attacks/attack.h"

namespace portal::system_test {
namespace {

class LinkAttack : public AttackTest {
  protected:
    IpAddress victim_address() const { return v4() ? ip("192.0.2.101") : ip("2001:db8::101"); }
    IpAddress of_link(std::uint8_t last) const {
        IpAddress address = ip("fe80::");
        address.bytes[15] = last;
        return address;
    }
    // "This address is mine", unasked, and as a question.
    std::vector<Bytes> claims(const IpAddress& address, const Mac& station,
                              const Mac& as = {}) const {
        const Mac& said = as.is_zero() ? station : as;
        const Ethernet link{.src = station};
        if (v4()) {
            const auto arp = [&](std::uint16_t operation, const IpAddress& target) {
                return link / Arp{.operation = operation,
                                  .sender_mac = said,
                                  .sender_ip = address,
                                  .target_mac = kGatewayMac,
                                  .target_ip = target};
            };
            return {arp(2, kGateway4), arp(1, kGateway4), arp(2, address), arp(1, address)};
        }
        const IPv6 own{.src = address, .dst = kGateway6, .hop_limit = 255};
        const IPv6 linked{.src = kClientLinkLocal, .dst = kGateway6, .hop_limit = 255};
        return {link / own / neighbor_advertisement(address, said),
                link / linked / neighbor_advertisement(address, said),
                link / own / neighbor_solicitation(kGateway6, said)};
    }
};

// The same MAC on another VLAN is another client, however the tags are stacked.
TEST_P(LinkAttack, ACloneOnAnotherVlan) {
    run({"client", "authorize", kOtherName + "@100"});
    const Ethernet clone{.src = kOtherMac};
    const Packet inside = v4() ? IPv4{} / UDP{.dport = 443} : IPv6{} / UDP{.dport = 443};
    expect_nothing_passes({clone / inside, clone / Vlan{.id = 200} / inside,
                           clone / Vlan{.id = 200} / Vlan{.id = 100} / inside,
                           clone / Vlan{.id = 200, .tpid = kServiceTag} / Vlan{.id = 100} / inside,
                           clone / Vlan{.id = 0} / Vlan{.id = 200} / inside,
                           clone / Vlan{.id = 0} / inside});
}

TEST_P(LinkAttack, TheGatewaysAddressAsOnesOwn) {
    for (const Mac& as : {kClientMac, kOtherMac})
        expect_nothing_passes(claims(gateway_address(), kClientMac, as));
    if (!v4()) expect_nothing_passes(claims(kGatewayLinkLocal, kClientMac));
}

// ARP and ND of strangers pass, with whatever address: the gateway then sends the victim's packets
// to the thief's MAC, and the gate drops them there.
TEST_P(LinkAttack, AnotherClientsAddressBringsNothing) {
    const std::string victims = "for the victim alone";
    run({"client", "authorize", kOtherName});
    for (const Bytes& claim : claims(victim_address(), kClientMac))
        ASSERT_TRUE(client_.send(claim));
    const Packet down = from_to(server_address(), victim_address(),
                                Ethernet{.src = kInternetMac, .dst = lab::kUplinkMac}) /
                        UDP{.dport = 9000} / Payload(victims);
    const std::uint64_t before = portald_.packets("tx_stranger");
    const auto received = received_of({down, down, down});
    EXPECT_TRUE(holding(victims, received).empty());
    EXPECT_GE(portald_.packets("tx_stranger"), before + 3) << "nothing was sent to the thief";
}

TEST_P(LinkAttack, AForgedRouter) {
    const Ethernet all{.dst = kBroadcastMac};
    const IPv6 to_all{.src = kClientLinkLocal, .dst = ip("ff02::1"), .hop_limit = 255};
    const IPv6 to_gateway{.src = kClientLinkLocal, .dst = kGatewayLinkLocal, .hop_limit = 255};
    std::vector<Bytes> frames{all / to_all / router_advertisement(),
                              Ethernet{} / to_gateway / router_advertisement(),
                              Ethernet{} / to_gateway / redirect(kServer6, kClient6)};
    if (v4())
        for (const std::uint8_t type : Numbers{5, 9})  // redirect, router advertisement (RFC 1256)
            frames.push_back(Ethernet{} / IPv4{.dst = kGateway4} / ICMP{.type = type} /
                             Payload(std::size_t{28}));
    expect_nothing_passes(frames);
}

// Neighbor discovery from far away, or to far away with a load.
TEST_P(LinkAttack, NeighborDiscoveryThatTravels) {
    const IPv6 near{.src = kClient6, .dst = kGateway6, .hop_limit = 254};
    const IPv6 far{.src = kClient6, .dst = kServer6, .hop_limit = 255};
    expect_nothing_passes({Ethernet{} / near / neighbor_solicitation(kGateway6),
                           Ethernet{} / near / neighbor_advertisement(kClient6),
                           Ethernet{} / far / neighbor_solicitation(kServer6) / Payload("out"),
                           Ethernet{} / far / neighbor_advertisement(kClient6) / Payload("out"),
                           Ethernet{} / far / router_solicitation() / Payload("out")});
    // A listener report has one hop, wherever it is for.
    const IPv6 report{.src = kClient6, .dst = kServer6, .hop_limit = 1};
    expect_nothing_leaves({Ethernet{} / report / mldv2_report(ip("ff02::fb")) / Payload("out")});
}

TEST_P(LinkAttack, AForgedDhcpServer) {
    const Packet answer = v4() ? dhcp_offer(kOtherMac) : dhcpv6_advertise(kOtherMac);
    const IpAddress all = v4() ? ip("255.255.255.255") : ip("ff02::1");
    expect_nothing_passes({to(all, Ethernet{.dst = kBroadcastMac}) / answer,
                           to(gateway_address()) / answer, to(server_address()) / answer});
}

// Every frame a station of its own. The gateway's server has to bear them; the gate does, and keeps
// its clients.
TEST_P(LinkAttack, DhcpStarvation) {
    run({"client", "authorize", kOtherName});
    std::vector<Bytes> frames;
    for (unsigned i = 0; i < 3000; ++i) {
        Mac station = mac("06:00:00:00:00:00");
        station.bytes[4] = static_cast<std::uint8_t>(i >> 8);
        station.bytes[5] = static_cast<std::uint8_t>(i);
        const Ethernet link{.src = station, .dst = kBroadcastMac};
        frames.push_back(v4() ? link / IPv4{.src = ip("0.0.0.0"), .dst = ip("255.255.255.255")} /
                                    dhcp_discover(station)
                              : link / IPv6{.src = kClientLinkLocal, .dst = ip("ff02::1:2")} /
                                    dhcpv6_solicit(station));
    }
    expect_nothing_leaves(frames);
    EXPECT_EQ(portald_.state(kOtherName), "authorized");
    EXPECT_TRUE(guest().captive());
}

// Out to the internet by the gateway's addresses of the link's scope and of the uplink.
TEST_P(LinkAttack, ByOtherAddressesOfTheGateway) {
    const IpAddress uplink = v4() ? ip("203.0.113.1") : ip("2001:db8:ffff::1");
    std::vector<Bytes> frames;
    for (const IpAddress& own : {uplink, v4() ? uplink : kGatewayLinkLocal})
        for (const std::uint16_t port : Ports{22, 8080, 9511})
            frames.push_back(to(own) / TCP{.dport = port});
    frames.push_back(to(uplink) / TCP{.dport = 443});
    frames.push_back(to(uplink) / UDP{.dport = 53} / Payload(dns_question()));
    frames.push_back(to(uplink) / echo_request());
    expect_nothing_passes(frames);
}

// Addresses that mean one thing on the link and another beyond.
TEST_P(LinkAttack, ScopesThatDoNotFit) {
    const auto sources =
        v4() ? std::vector<const char*>{"169.254.1.1", "127.0.0.1", "0.0.0.0", "224.0.0.1",
                                        "255.255.255.255"}
             : std::vector<const char*>{
                   "fe80::64", "::1", "::", "ff02::1", "fec0::1", "2002:c000:264::1"};
    std::vector<Bytes> frames;
    for (const char* source : sources)
        for (const Packet& load : {Packet{TCP{.dport = 443}}, Packet{TCP{.dport = 80}},
                                   UDP{.dport = 9000} / Payload("x"), echo_request()})
            frames.push_back(from_to(ip(source), server_address()) / load);
    expect_nothing_leaves(frames);
}

PORTAL_BOTH_FAMILIES(LinkAttack);

}  // namespace
}  // namespace portal::system_test
