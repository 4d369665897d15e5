// portal_steer without a note from XDP, and who may speak on which connection.
//
// Under BPF_PROG_TEST_RUN the kernel assigns no socket: steer_failed is as far as a segment comes,
// and means that the gate would have handed it over.
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <cstring>
#include <ostream>

#include "bpf/gate.h"
#include "bpf/private_network.h"
#include "bpf/sockets.h"
#include "bpf/steering.h"
#include "bpf/tables/check.h"

namespace portal::gate {

// How GoogleTest names a case's parameter.
static void PrintTo(const Family& family, std::ostream* out) {
    *out << family.name;
}

namespace {

using namespace packets;

const client_key kClient = key_of(kClientMac), kOther = key_of(kOtherMac);

TEST(SteerTable, DropsPort80WithNoResponder) {
    Gate gate;
    check_steer(gate, REASON_STEER_NO_LISTENER);
}

TEST(SteerTable, HandsPort80ToTheResponder) {
    Gate gate;
    const Listeners listeners(gate);
    check_steer(gate, REASON_STEER_FAILED);
}

TEST(SteerWithoutNote, WithoutANoteASignedInClientsFramesPass) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized);
    const Outcome outcome = gate.steer(Ethernet{} / IPv4{} / TCP{.dport = 443});
    EXPECT_EQ(outcome.action, TC_ACT_UNSPEC);
    EXPECT_EQ(outcome.reason, -1);
}

TEST(SteerWithoutNote, WithoutANoteABlockedClientsFramesAreDropped) {
    Gate gate;
    set_standing(gate, kClient, Standing::blocked);
    EXPECT_EQ(gate.steer(Ethernet{} / Arp{}).reason, REASON_BLOCKED);
}

TEST(SteerWithoutNote, LeavesTheMarkOfOthersAlone) {
    Gate gate;
    const TcContext marked{.mark = 0x70000};
    EXPECT_EQ(gate.steer(Ethernet{} / IPv4{} / TCP{.dport = 80}, marked).mark, 0x70000U);
    EXPECT_EQ(gate.steer(Ethernet{} / Arp{}, marked).mark, 0x70000U);
}

class Steer : public testing::TestWithParam<Family> {
  protected:
    int from(const Mac& mac, std::uint8_t flags) {
        return gate_.steer(segment(family_, flags, mac)).reason;
    }
    int from_client(std::uint8_t flags) { return from(kClientMac, flags); }
    std::optional<client_key> origin() {
        const auto found = gate_.find_origin(web_flow(family_));
        return found ? std::optional(found->client) : std::nullopt;
    }
    static bool same(const std::optional<client_key>& a, const client_key& b) {
        return a && std::memcmp(&*a, &b, sizeof b) == 0;
    }
    void sign_in(const client_key& key) { set_standing(gate_, key, Standing::authorized); }

    const Family& family_ = GetParam();
    Gate gate_;
    Listeners listeners_{gate_};
};

TEST_P(Steer, ASynRecordsWhoSentIt) {
    from_client(kSyn);
    EXPECT_TRUE(same(origin(), kClient));
    EXPECT_TRUE(gate_.find_neighbor(kClient, family_.client));
}

TEST_P(Steer, ALaterSynOfAnotherClientTakesOver) {
    from(kOtherMac, kSyn);
    from_client(kSyn);
    EXPECT_TRUE(same(origin(), kClient));
}

TEST_P(Steer, WhatIsNoSynRecordsNothing) {
    EXPECT_EQ(from_client(kAck), REASON_STEER_FAILED) << "for the listener to reset";
    EXPECT_FALSE(origin());
}

// A SYN cookie leaves no socket behind: the record alone says whose handshake it is.
TEST_P(Steer, AnotherDoesNotFinishAHandshake) {
    from(kOtherMac, kSyn);
    EXPECT_EQ(from_client(kAck), REASON_STEER_FOREIGN_FLOW);
    EXPECT_EQ(from(kOtherMac, kAck), REASON_STEER_FAILED);
}

TEST_P(Steer, TheSameMacInAnotherVlanIsAnother) {
    gate_.set_origin(web_flow(family_), key_of(kClientMac, 100));
    EXPECT_EQ(from_client(kAck), REASON_STEER_FOREIGN_FLOW);
}

TEST_P(Steer, ASignedInClientKeepsToItsOwnConnections) {
    sign_in(kClient);
    EXPECT_EQ(from_client(kSyn), -1) << "goes to the server";
    EXPECT_FALSE(origin());
    EXPECT_EQ(from_client(kAck), -1);
}

TEST_P(Steer, ASignedInClientReachesThePortal) {
    sign_in(kClient);
    const auto portal = [&](std::uint8_t flags) {
        return gate_
            .steer(Ethernet{} / family_.to(family_.gateway) / TCP{.dport = 80, .flags = flags})
            .reason;
    };
    EXPECT_EQ(portal(kSyn), REASON_STEER_FAILED);
    const auto https = Ethernet{} / family_.to(family_.gateway) / TCP{.dport = 443};
    EXPECT_EQ(gate_.steer(https).reason, -1);
    const auto uplink = Ethernet{} / family_.to(family_.uplink) / TCP{.dport = 80};
    EXPECT_EQ(gate_.steer(uplink).reason, -1);
}

// The same, while a connection of the responder's with these addresses is established.
class SteerConnected : public Steer {
  protected:
    SteerConnected() {
        static bool done[2] = {};
        if (!std::exchange(done[family_.client.is_v4()], true)) {
            add_loopback_address(family_.client);
            add_loopback_address(family_.server);
        }
        connection_ = connect_over_loopback(listeners_.of(family_), family_.client, 40000,
                                            family_.server, 80);
        gate_.set_origin(web_flow(family_), kClient);
    }
    Connection connection_;
};

TEST_P(SteerConnected, WhoeverOpenedItGoesOn) {
    EXPECT_EQ(from_client(kAck), REASON_STEER_FAILED);
    EXPECT_EQ(from_client(kAck | kFin), REASON_STEER_FAILED);
}

TEST_P(SteerConnected, ItGoesOnAfterSigningIn) {
    sign_in(kClient);
    EXPECT_EQ(from_client(kAck), REASON_STEER_FAILED);
}

TEST_P(SteerConnected, AnotherStrangerIsRefused) {
    EXPECT_EQ(from(kOtherMac, kAck), REASON_STEER_FOREIGN_FLOW);
    EXPECT_EQ(from(kOtherMac, kRst), REASON_STEER_FOREIGN_FLOW);
    EXPECT_EQ(from(kOtherMac, kSyn), REASON_STEER_FOREIGN_FLOW);
    EXPECT_TRUE(same(origin(), kClient)) << "a SYN does not take an established connection over";
}

TEST_P(SteerConnected, AnotherSignedInClientIsRefused) {
    sign_in(kOther);
    EXPECT_EQ(from(kOtherMac, kAck), REASON_STEER_FOREIGN_FLOW);
    EXPECT_EQ(from(kOtherMac, kSyn), REASON_STEER_FOREIGN_FLOW);
}

TEST_P(SteerConnected, NobodysConnectionIsNoStrangers) {
    gate_.forget_origin(web_flow(family_));
    EXPECT_EQ(from_client(kAck), REASON_STEER_FOREIGN_FLOW);
}

TEST_P(SteerConnected, NobodysConnectionIsNoSignedInClients) {
    gate_.forget_origin(web_flow(family_));
    sign_in(kClient);
    EXPECT_EQ(from_client(kAck), REASON_STEER_FOREIGN_FLOW);
}

TEST_P(SteerConnected, AnotherWebServerOfTheGatewayIsLeftToIt) {
    add_loopback_address(family_.uplink);
    const Connection connection =
        connect_over_loopback(listeners_.of(family_), family_.client, 40000, family_.uplink, 80);
    sign_in(kClient);
    const auto uplink =
        Ethernet{} / family_.to(family_.uplink) / TCP{.sport = 40000, .dport = 80, .flags = kAck};
    EXPECT_EQ(gate_.steer(uplink).reason, -1);
}

const auto kFamilyName = [](const auto& row) { return std::string(row.param.name); };
INSTANTIATE_TEST_SUITE_P(Family, Steer, testing::ValuesIn(kFamilies), kFamilyName);
INSTANTIATE_TEST_SUITE_P(Family, SteerConnected, testing::ValuesIn(kFamilies), kFamilyName);

}  // namespace
}  // namespace portal::gate
