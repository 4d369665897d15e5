// Stations that are not who they say: another's MAC elsewhere, another's address, an address of
// nobody here.
#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <cstring>
#include <memory>
#include <vector>

#include "bpf/forging.h"
#include "bpf/gate.h"
#include "bpf/private_network.h"
#include "bpf/tables/check.h"
#include "bpf/world.h"
#include "packets/applications.h"
#include "packets/neighbor_discovery.h"
#include "portal.skel.h"

namespace portal::gate {
namespace {

using namespace packets;

constexpr unsigned kAnother = 77;  // a client interface that no frame comes from
const client_key kClient = key_of(kClientMac);
const client_key kOther = key_of(kOtherMac);

class Forgery : public testing::Test {
  protected:
    Forgery()
        : ring_(ring_buffer__new(bpf_map__fd(gate_.programs().maps.events), &collect, &forgeries_,
                                 nullptr)) {}

    // The forgeries reported since the last call.
    std::vector<event> reports() {
        EXPECT_GE(ring_buffer__consume(ring_.get()), 0);
        return std::exchange(forgeries_, {});
    }
    void sign_in_on(unsigned ifindex) {
        client value{};
        value.last_seen = now();
        value.state = CLIENT_AUTHORIZED;
        value.ifindex = ifindex;
        gate_.put(kClient, value);
    }
    reason from(const Mac& station, const Packet& packet) {
        return static_cast<reason>(gate_.ingress(Ethernet{.src = station} / packet).reason);
    }

    Gate gate_;

  private:
    struct Free {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };
    static int collect(void* context, void* data, std::size_t) {
        event seen{};
        std::memcpy(&seen, data, sizeof seen);
        if (seen.type != EVENT_STRANGER) static_cast<std::vector<event>*>(context)->push_back(seen);
        return 0;
    }

    std::vector<event> forgeries_;
    std::unique_ptr<ring_buffer, Free> ring_;
};

const Packet kUpload = IPv4{} / UDP{.dport = 443};
const Packet kDownload = Ethernet{.src = kGatewayMac, .dst = kClientMac} /
                         IPv4{.src = kServer4, .dst = kClient4} / UDP{.sport = 443};

TEST_F(Forgery, ASessionIsOfItsInterface) {
    sign_in_on(kLoopback);
    EXPECT_EQ(from(kClientMac, kUpload), REASON_AUTHORIZED);
    EXPECT_EQ(gate_.egress(kDownload, {.ifindex = kLoopback}).reason, REASON_TX_AUTHORIZED);
    EXPECT_TRUE(reports().empty());

    sign_in_on(kAnother);
    EXPECT_EQ(from(kClientMac, kUpload), REASON_QUIC);
    EXPECT_EQ(gate_.egress(kDownload, {.ifindex = kLoopback}).reason, REASON_TX_STRANGER);
}

TEST_F(Forgery, AMemberOfABondIsTheBond) {
    gate_.add_interface(kLoopback, kAnother);
    sign_in_on(kAnother);
    EXPECT_EQ(from(kClientMac, kUpload), REASON_AUTHORIZED);
    EXPECT_TRUE(reports().empty());
}

TEST_F(Forgery, AMacElsewhereIsReportedOnceInAWhile) {
    sign_in_on(kAnother);
    for (int i = 0; i < 100; i++)
        from(kClientMac, kUpload);
    const std::vector<event> seen = reports();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EVENT_FORGERY);
    EXPECT_EQ(seen[0].reason, from(kClientMac, kUpload));
    EXPECT_EQ(seen[0].ifindex, kLoopback);
    EXPECT_EQ(std::memcmp(&seen[0].client, &kClient, sizeof kClient), 0);
}

TEST_F(Forgery, ASessionThatIsOverIsNobodysToForge) {
    sign_in_on(kAnother);
    set_standing(gate_, kClient, Standing::expired);
    from(kClientMac, kUpload);
    EXPECT_TRUE(reports().empty());
}

TEST_F(Forgery, AGoodSourceDoesNotVouchForTheNext) {
    sign_in_on(kLoopback);
    EXPECT_EQ(from(kClientMac, IPv4{} / UDP{}), REASON_AUTHORIZED);
    EXPECT_EQ(from(kClientMac, IPv4{.src = kServer4} / UDP{}), REASON_SOURCE_ADDRESS);
    EXPECT_EQ(from(kClientMac, IPv6{} / UDP{}), REASON_AUTHORIZED);
    EXPECT_EQ(from(kClientMac, IPv6{.src = kServer6} / UDP{}), REASON_SOURCE_ADDRESS);
    EXPECT_EQ(from(kClientMac, IPv4{} / UDP{}), REASON_AUTHORIZED);
    // ARP may speak of what the network does not hold; IP may not follow it.
    EXPECT_EQ(from(kClientMac, Arp{.sender_ip = ip("198.51.100.9")}), REASON_AUTHORIZED);
    EXPECT_EQ(from(kClientMac, IPv4{.src = ip("198.51.100.9")} / UDP{}), REASON_SOURCE_ADDRESS);
}

TEST_F(Forgery, TemporaryAddressesOfTheNetworkLive) {
    sign_in_on(kLoopback);
    for (const char* own : {"2001:db8::1234:5678:9abc:def0", "2001:db8::2", "fe80::1234"})
        EXPECT_EQ(from(kClientMac, IPv6{.src = ip(own)} / UDP{}), REASON_AUTHORIZED) << own;
    EXPECT_EQ(from(kClientMac, IPv6{.src = ip("2001:db8:0:1::2")} / UDP{}), REASON_SOURCE_ADDRESS);
}

TEST_F(Forgery, ALinkOfWhichNothingIsKnownIsNotChecked) {
    set_standing(gate_, key_of(kClientMac, 300), Standing::authorized);
    EXPECT_EQ(gate_.ingress(Ethernet{} / Vlan{300} / kUpload).reason, REASON_AUTHORIZED);
    EXPECT_EQ(gate_
                  .ingress(Ethernet{.src = kOtherMac} / Vlan{300} / IPv4{.dst = kGateway4} /
                           UDP{.dport = 53})
                  .reason,
              REASON_SOURCE_ADDRESS)
        << "a stranger gets no answer there";
}

TEST_F(Forgery, TheSourcesUsedAreSeen) {
    sign_in_on(kLoopback);
    from(kClientMac, kUpload);
    EXPECT_TRUE(gate_.find_neighbor(kClient, kClient4));
    from(kClientMac, IPv4{.src = kServer4} / UDP{});
    EXPECT_FALSE(gate_.find_neighbor(kClient, kServer4));
}

class Binding : public Forgery {
  protected:
    Binding() {
        bind_client(gate_, kClient, 1);
        bind_client(gate_, kOther, 2);
    }
    IPv6 numbered(int number) const {
        IPv6 packet{};
        packet.src = ip("2001:db8::f:" + std::to_string(number));
        return packet;
    }
};

TEST_F(Binding, AnAddressIsOfTheClientThatUsedItFirst) {
    EXPECT_EQ(from(kClientMac, kUpload), REASON_AUTHORIZED);
    EXPECT_EQ(from(kOtherMac, kUpload), REASON_SOURCE_BOUND);
    EXPECT_EQ(from(kClientMac, kUpload), REASON_AUTHORIZED);
    const std::vector<event> seen = reports();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EVENT_FORGERY);
    EXPECT_EQ(seen[0].reason, REASON_SOURCE_BOUND);
    EXPECT_EQ(std::memcmp(&seen[0].client, &kOther, sizeof kOther), 0);
    const ip_address claimed = abi(kClient4);
    EXPECT_EQ(std::memcmp(&seen[0].address, &claimed, sizeof claimed), 0);
}

TEST_F(Binding, NorMayAStrangerUseIt) {
    from(kClientMac, kUpload);
    gate_.remove(kOther);
    EXPECT_EQ(from(kOtherMac, IPv4{.dst = kGateway4} / UDP{.dport = 53}), REASON_SOURCE_BOUND);
    EXPECT_EQ(from(kOtherMac, IPv4{} / TCP{.dport = 80}), REASON_SOURCE_BOUND);
    EXPECT_EQ(from(kOtherMac, Arp{.sender_mac = kOtherMac}), REASON_SOURCE_BOUND);
}

TEST_F(Binding, NeitherArpNorDiscoveryClaimsIt) {
    from(kClientMac, kUpload);
    from(kClientMac, IPv6{} / UDP{});
    EXPECT_EQ(from(kOtherMac, Arp{.sender_mac = kOtherMac}), REASON_SOURCE_BOUND);
    EXPECT_EQ(from(kOtherMac, Arp{.sender_mac = kOtherMac, .sender_ip = ip("192.0.2.101")}),
              REASON_AUTHORIZED);
    const IPv6 own{.src = ip("fe80::65"), .dst = kGatewayLinkLocal, .hop_limit = 255};
    EXPECT_EQ(from(kOtherMac, own / neighbor_advertisement(kClient6)), REASON_SOURCE_BOUND);
    EXPECT_EQ(from(kOtherMac, own / neighbor_advertisement(ip("fe80::65"))), REASON_AUTHORIZED);
}

TEST_F(Binding, ItIsFreeWhenTheSessionIsOver) {
    from(kClientMac, kUpload);
    set_standing(gate_, kClient, Standing::expired);
    EXPECT_EQ(from(kOtherMac, kUpload), REASON_AUTHORIZED);
    bind_client(gate_, kClient, 3);
    EXPECT_EQ(from(kClientMac, kUpload), REASON_SOURCE_BOUND) << "it is the other's now";
}

TEST_F(Binding, AClientHasSoManyAtMost) {
    for (int i = 0; i < CLIENT_BINDINGS; i++)
        EXPECT_EQ(from(kClientMac, numbered(i) / UDP{}), REASON_AUTHORIZED) << i;
    EXPECT_EQ(from(kClientMac, numbered(CLIENT_BINDINGS) / UDP{}), REASON_SOURCE_BOUND);
    EXPECT_EQ(from(kClientMac, numbered(0) / UDP{}), REASON_AUTHORIZED);
    // Another session of the slot begins anew.
    client value{};
    value.last_seen = now();
    value.session = 99;
    value.slot = 1;
    value.state = CLIENT_AUTHORIZED;
    value.flags = CLIENT_BOUND;
    gate_.put(kClient, value);
    EXPECT_EQ(from(kClientMac, numbered(CLIENT_BINDINGS) / UDP{}), REASON_AUTHORIZED);
}

TEST_F(Binding, OnAnotherVlanItIsAnotherAddress) {
    from(kClientMac, kUpload);
    bind_client(gate_, key_of(kOtherMac, 100), 3);
    EXPECT_EQ(gate_.ingress(Ethernet{.src = kOtherMac} / Vlan{100} / kUpload).reason,
              REASON_AUTHORIZED);
}

// What only the gateway may say on the link.
class Rogue : public Forgery {
  protected:
    Rogue() { sign_in_on(kLoopback); }
    const IPv6 link_{.src = kClientLinkLocal, .dst = ip("ff02::1"), .hop_limit = 255};
};

TEST_F(Rogue, SignedInClientsAreNoRoutersOrServers) {
    EXPECT_EQ(from(kClientMac, link_ / router_advertisement()), REASON_ROGUE_SERVER);
    EXPECT_EQ(from(kClientMac, link_ / redirect(kGateway6, kServer6)), REASON_ROGUE_SERVER);
    EXPECT_EQ(from(kClientMac, link_ / neighbor_advertisement(kGateway6)), REASON_ND_INVALID);
    EXPECT_EQ(from(kClientMac, IPv4{.dst = ip("255.255.255.255")} / dhcp_offer()),
              REASON_ROGUE_SERVER);
    EXPECT_EQ(from(kClientMac, link_ / dhcpv6_advertise()), REASON_ROGUE_SERVER);
    EXPECT_EQ(from(kClientMac, IPv4{} / UDP{.sport = 4000, .dport = 68}), REASON_ROGUE_SERVER);
    EXPECT_EQ(from(kClientMac, Arp{.operation = 2, .sender_ip = kGateway4}), REASON_SOURCE_ADDRESS);
    EXPECT_EQ(from(kClientMac, Arp{.sender_mac = kOtherMac}), REASON_ARP_INVALID);
}

// RFC 7113: what evades a guard that reads only the first header.
TEST_F(Rogue, NorInDisguise) {
    const Packet advert = router_advertisement();
    EXPECT_EQ(from(kClientMac, link_ / HopByHop{} / advert), REASON_ROGUE_SERVER);
    EXPECT_EQ(from(kClientMac, link_ / DestinationOptions{} / DestinationOptions{} / advert),
              REASON_ROGUE_SERVER);
    EXPECT_EQ(from(kClientMac, link_ / Fragment{.more = false} / advert), REASON_FRAGMENT);
    EXPECT_EQ(from(kClientMac, link_ / DestinationOptions{} / Fragment{} / advert),
              REASON_FRAGMENT);
    EXPECT_EQ(from(kClientMac, link_ / Routing{.segments_left = 0} / advert), REASON_IP_OPTIONS);
    Packet chain = link_;
    for (int i = 0; i <= PORTAL_IPV6_HEADERS; i++)
        chain.append(DestinationOptions{});
    EXPECT_EQ(from(kClientMac, chain / advert), REASON_IP_EXTENSION);
    const Ethernet to_all{.dst = kBroadcastMac};
    const IPv4 piece{.dst = ip("255.255.255.255"), .more_fragments = true, .protocol = 17};
    EXPECT_EQ(gate_.ingress(to_all / piece / dhcp_offer()).reason, REASON_FRAGMENT);
    const IPv4 optional{.dst = ip("255.255.255.255"), .options = {1, 1, 1, 0}};
    EXPECT_EQ(gate_.ingress(to_all / optional / dhcp_offer()).reason, REASON_IP_OPTIONS);
}

TEST_F(Rogue, WhatIsForTheInternetMayBeFragmented) {
    EXPECT_EQ(from(kClientMac, IPv6{} / Fragment{} / UDP{}), REASON_AUTHORIZED);
    EXPECT_EQ(from(kClientMac, IPv4{.more_fragments = true} / UDP{}), REASON_AUTHORIZED);
    EXPECT_EQ(from(kClientMac, IPv6{.next_header = 51} / Payload{32}), REASON_AUTHORIZED);
}

TEST_F(Rogue, TrustedClientsMayBe) {
    set_standing(gate_, kClient, Standing::trusted);
    EXPECT_EQ(from(kClientMac, link_ / router_advertisement()), REASON_TRUSTED);
    EXPECT_EQ(from(kClientMac, IPv4{} / UDP{.sport = 67, .dport = 68}), REASON_TRUSTED);
    EXPECT_EQ(from(kClientMac, IPv4{.src = kServer4} / UDP{}), REASON_TRUSTED);
}

// Between clients -------------------------------------------------------------------------------

const Ethernet kToClient{.src = kGatewayMac, .dst = kClientMac};
const TcContext kFromClient{.ingress_ifindex = kLoopback};
const IpAddress kNeighbor = ip("192.0.2.101");

TEST(Hairpin, IsDropped) {
    Gate gate;
    EXPECT_EQ(send_between_clients(gate).reason, REASON_TX_HAIRPIN);
    set_standing(gate, kClient, Standing::trusted);
    const Packet packet = IPv4{.src = kNeighbor, .dst = kClient4} / UDP{.sport = 5001};
    EXPECT_EQ(gate.egress(kToClient / packet, kFromClient).reason, REASON_TX_HAIRPIN);
    EXPECT_EQ(gate.egress(kToClient / packet, {.ingress_ifindex = 7}).reason, REASON_TX_TRUSTED);
    EXPECT_EQ(gate.egress(kToClient / packet).reason, REASON_TX_TRUSTED);
}

// An index that only shares its bit with a client interface's.
TEST(Hairpin, IsOfTheClientsLinksAlone) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized);
    const Packet packet = IPv4{.src = kServer4, .dst = kClient4} / UDP{.sport = 5001};
    const TcContext twin{.ingress_ifindex = kLoopback + CLIENT_SIDE_BITS};
    EXPECT_EQ(gate.egress(kToClient / packet, twin).reason, REASON_TX_AUTHORIZED);
    gate.add_interface(kLoopback + CLIENT_SIDE_BITS, kLoopback);
    EXPECT_EQ(gate.egress(kToClient / packet, twin).reason, REASON_TX_HAIRPIN);
}

TEST(Hairpin, WhatIsOpenToStrangersIsOpen) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized);
    const Family& v4 = kFamilies[0];
    const auto egress = [&](const Packet& packet) {
        return gate.egress(kToClient / packet, kFromClient).reason;
    };
    const IPv4 from_garden{.src = v4.garden, .dst = kClient4};
    const IPv4 to_garden{.src = kNeighbor, .dst = v4.garden_ports};
    EXPECT_EQ(egress(from_garden / UDP{.sport = 9}), REASON_TX_AUTHORIZED);
    EXPECT_EQ(egress(to_garden / TCP{.dport = kGardenTcp}), REASON_TX_AUTHORIZED);
    EXPECT_EQ(egress(to_garden / TCP{.dport = 22}), REASON_TX_HAIRPIN);
    const IPv4 from_resolver{.src = v4.resolver, .dst = kClient4};
    EXPECT_EQ(egress(from_resolver / UDP{.sport = 53}), REASON_TX_AUTHORIZED);
    EXPECT_EQ(egress(from_resolver / UDP{.sport = 54}), REASON_TX_HAIRPIN);
}

TEST(Hairpin, CanBeAllowed) {
    Gate gate({.client_to_client = true});
    EXPECT_EQ(send_between_clients(gate).reason, REASON_TX_AUTHORIZED);
}

}  // namespace
}  // namespace portal::gate
