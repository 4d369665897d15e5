// Packets made so that a filter reads them otherwise than the receiver does.
#include "system/attacks/attack.h"

namespace portal::system_test {
namespace {

class EvasionAttack : public AttackTest {
  protected:
    // The one frame in each of several stacks of tags.
    std::vector<Bytes> tagged(const std::vector<Packet>& stacks, const Packet& inside) const {
        std::vector<Bytes> frames;
        for (const Packet& stack : stacks)
            frames.push_back(stack / inside);
        return frames;
    }
    Packet ip_to_internet() const { return v4() ? Packet{IPv4{}} : Packet{IPv6{}}; }
    Packet fragment(std::uint16_t offset, bool more) const {
        return v4() ? Ethernet{} / IPv4{.id = 7,
                                        .more_fragments = more,
                                        .fragment_offset = offset,
                                        .protocol = 6}
                    : Ethernet{} / IPv6{} /
                          Fragment{.offset = offset, .more = more, .next_header = 6};
    }
};

const Bytes kSegment = [] {
    Bytes segment = TCP{.dport = 443} / Payload(std::size_t{44});
    return segment;
}();

Payload part(std::size_t from, std::size_t size) {
    const auto at = kSegment.begin() + static_cast<std::ptrdiff_t>(from);
    return Payload(Bytes(at, at + static_cast<std::ptrdiff_t>(size)));
}

// Eight bytes hold the ports and no flags (RFC 1858 section 3).
TEST_P(EvasionAttack, TinyFragments) {
    std::vector<Bytes> frames;
    for (std::uint16_t offset = 0; offset < 8; ++offset)
        frames.push_back(fragment(offset, offset < 7) / part(offset * 8u, 8));
    expect_nothing_passes(frames);
}

// The second one writes over the first one's ports and flags (RFC 1858 section 4, RFC 5722).
TEST_P(EvasionAttack, OverlappingFragments) {
    const Bytes web = TCP{.dport = 80} / Payload(std::size_t{12});
    expect_nothing_passes({fragment(0, true) / Payload(web), fragment(0, false) / part(0, 32),
                           fragment(1, false) / part(8, 32), fragment(2, false) / part(16, 32)});
}

TEST_P(EvasionAttack, AFirstFragmentWithoutPorts) {
    expect_nothing_passes({fragment(0, true) / Payload(std::size_t{0}),
                           fragment(0, false) / part(0, 64), fragment(8191, false) / part(0, 8)});
}

// Of one piece only, and for the gateway's own resolver: still none (RFC 6946).
TEST_P(EvasionAttack, FragmentsToWhatIsAllowed) {
    if (v4())
        expect_nothing_passes({Ethernet{} / IPv4{.dst = kGateway4, .more_fragments = true} /
                               UDP{.dport = 53} / Payload(std::size_t{32})});
    else
        expect_nothing_passes({Ethernet{} / IPv6{.dst = kGateway6} / Fragment{.more = false} /
                               UDP{.dport = 53} / Payload(std::size_t{32})});
}

TEST_P(EvasionAttack, SourceRoutes) {
    std::vector<Bytes> frames;
    if (v4()) {
        for (const std::uint8_t option : Numbers{131, 137})  // loose and strict
            for (const IpAddress& first : {kGateway4, kServer4})
                frames.push_back(Ethernet{} /
                                 IPv4{.dst = first, .options = {option, 7, 4, 203, 0, 113, 80, 0}} /
                                 TCP{.dport = 80});
    } else {
        for (const std::uint8_t type : Numbers{0, 2, 3, 4})  // RH0, Mobile IPv6, RPL, SRH
            for (const IpAddress& first : {kGateway6, kServer6})
                frames.push_back(Ethernet{} / IPv6{.dst = first} /
                                 Routing{.type = type, .address = kServer6} / TCP{.dport = 80});
    }
    expect_nothing_passes(frames);
}

TEST_P(EvasionAttack, TagsInTags) {
    const Ethernet link{};
    const Vlan inner{};
    expect_nothing_leaves(tagged(
        {link / Vlan{}, link / Vlan{.id = 0}, link / Vlan{.id = 0, .priority = 7},
         link / Vlan{.id = 4095}, link / Vlan{.tpid = kServiceTag}, link / Vlan{.id = 0} / inner,
         link / Vlan{.id = 200, .tpid = kServiceTag} / inner, link / inner / Vlan{.id = 0},
         link / inner / inner / inner, link / Vlan{.id = 0} / Vlan{.id = 0} / Vlan{.id = 0},
         link / Vlan{.tpid = 0x9100}, link / Vlan{.tpid = 0x9200} / inner},
        ip_to_internet() / TCP{.dport = 443}));
}

// IP behind other link protocols, and links within links.
TEST_P(EvasionAttack, OtherEthertypes) {
    std::vector<Bytes> frames;
    const Packet inside = ip_to_internet() / UDP{.dport = 9000} / Payload("out");
    for (const std::uint16_t type : Ports{
             0x0000, 0x002e, 0x0101, 0x05dc,                  // 802.3 lengths and nobody's
             0x0600, 0x0805, 0x8035, 0x8137, 0x809b,          // XNS, X.25, RARP, IPX, AppleTalk
             0x4305, 0x6558, 0x8847, 0x8848, 0x8863, 0x8864,  // BATMAN, TEB, MPLS, PPPoE
             0x8870, 0x889a, 0x88a2, 0x88a4, 0x88b5, 0x88b7,  // jumbo, HyperSCSI, AoE, EtherCAT
             0x88ca, 0x88cc, 0x88e5, 0x88e7, 0x88f7, 0x8906,  // TIPC, LLDP, MACsec, PBB, PTP, FCoE
             0x8926, 0x892f, 0x894f, 0x8914, 0x9000, 0xffff})
        frames.push_back(Ethernet{.ethertype = type} / inside);
    // LLC with SNAP, which can say IP.
    const Bytes snap{0xaa,
                     0xaa,
                     0x03,
                     0,
                     0,
                     0,
                     static_cast<std::uint8_t>(v4() ? 0x08 : 0x86),
                     static_cast<std::uint8_t>(v4() ? 0x00 : 0xdd)};
    frames.push_back(Ethernet{.ethertype = std::uint16_t{60}} / (Payload(snap) / inside));
    expect_nothing_passes(frames);
}

TEST_P(EvasionAttack, AnyHopLimit) {
    std::vector<Bytes> frames;
    for (unsigned limit = 0; limit < 256; limit += 5)
        for (const std::uint16_t port : Ports{80, 443}) {
            const auto hops = static_cast<std::uint8_t>(limit);
            frames.push_back(v4() ? Ethernet{} / IPv4{.ttl = hops} / TCP{.dport = port}
                                  : Ethernet{} / IPv6{.hop_limit = hops} / TCP{.dport = port});
        }
    expect_nothing_leaves(frames);
}

TEST_P(EvasionAttack, BrokenChecksums) {
    std::vector<Bytes> frames{to_internet() / TCP{.dport = 80, .checksum = std::uint16_t{1}},
                              to_internet() / TCP{.dport = 443, .checksum = std::uint16_t{1}},
                              to_internet() / UDP{.dport = 443, .checksum = std::uint16_t{0}}};
    if (v4()) frames.push_back(Ethernet{} / IPv4{.checksum = std::uint16_t{1}} / TCP{.dport = 80});
    expect_nothing_leaves(frames);
}

TEST_P(EvasionAttack, JumboFrames) {
    lab::Lab::ip(lab_.gateway, "link set eth1 mtu 9000\n");
    lab::Lab::ip(lab_.client, "link set eth0 mtu 9000\n");
    lab::await("the gate, after its device changed", [&] { return guest().captive(); });
    const Payload load(std::size_t{8000});
    expect_nothing_passes({to_internet() / UDP{.dport = 443} / load,
                           to_internet() / TCP{.dport = 443, .flags = kAck} / load});
    expect_nothing_leaves({to_internet() / TCP{.dport = 80, .flags = kAck} / load,
                           to_gateway() / echo_request() / load});
}

// To everybody, on the link and beyond.
TEST_P(EvasionAttack, GroupsAndBroadcast) {
    const std::vector<const char*> groups =
        v4() ? std::vector<const char*>{"224.0.0.1",       "224.0.0.251", "239.255.255.250",
                                        "255.255.255.255", "192.0.2.255", "203.0.113.255"}
             : std::vector<const char*>{"ff02::1", "ff02::fb", "ff05::2", "ff0e::1", "ff0e::80"};
    std::vector<Bytes> frames;
    for (const char* group : groups)
        for (const Mac& station :
             {kGatewayMac, kBroadcastMac, mac("01:00:5e:00:00:fb"), mac("33:33:00:00:00:fb")})
            for (const Packet& load :
                 {UDP{.dport = 5353} / Payload("x"), UDP{.dport = 1900} / Payload("x"),
                  Packet{TCP{.dport = 443}}, Packet{TCP{.dport = 80}}})
                frames.push_back(to(ip(group), Ethernet{.dst = station}) / load);
    expect_nothing_leaves(frames);
    // Nor is a frame to all stations steered, whatever its address.
    expect_nothing_passes(
        {to(server_address(), Ethernet{.dst = kBroadcastMac}) / TCP{.dport = 80},
         to(server_address(), Ethernet{.dst = mac("01:00:5e:00:00:01")}) / TCP{.dport = 443}});
}

PORTAL_BOTH_FAMILIES(EvasionAttack);

class HeaderChainAttack : public AttackTest {};

TEST_P(HeaderChainAttack, HideNoPort) {
    std::vector<Bytes> frames;
    for (const std::uint16_t port : Ports{443, 22, 9000}) {
        Packet chain = Ethernet{} / IPv6{};
        for (int length = 0; length <= 8; ++length) {
            frames.push_back(chain / TCP{.dport = port});
            frames.push_back(chain / UDP{.dport = port} / Payload("out"));
            frames.push_back(chain / Fragment{.more = false} / TCP{.dport = port});
            frames.push_back(chain / Routing{} / TCP{.dport = port});
            chain.append(length == 0 ? Packet{HopByHop{}} : Packet{DestinationOptions{}});
        }
    }
    // A hop-by-hop header not at the front; a length beyond the packet; headers of others.
    frames.push_back(Ethernet{} / IPv6{} / DestinationOptions{} / HopByHop{} / TCP{.dport = 80});
    frames.push_back(Ethernet{} / IPv6{} / DestinationOptions{.next_header = std::uint8_t{135}} /
                     TCP{.dport = 80});
    frames.push_back(Ethernet{} / IPv6{} / DestinationOptions{.next_header = std::uint8_t{59}} /
                     TCP{.dport = 80});
    expect_nothing_passes(frames);
}

// Port 80 behind such a chain is the responder's, as ever.
TEST_P(HeaderChainAttack, HidePort80FromNobody) {
    std::vector<Bytes> frames;
    Packet chain = Ethernet{} / IPv6{} / HopByHop{};
    for (int length = 0; length < 8; ++length) {
        frames.push_back(chain / TCP{.dport = 80});
        chain.append(Packet{DestinationOptions{}});
    }
    expect_nothing_leaves(frames);
}

INSTANTIATE_TEST_SUITE_P(Family, HeaderChainAttack, testing::Values(Family::ipv6),
                         [](const auto& family) { return lab::to_string(family.param); });

}  // namespace
}  // namespace portal::system_test
