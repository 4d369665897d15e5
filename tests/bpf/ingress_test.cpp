// portal_ingress: every row of the tables, for a client of every standing.
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include "bpf/gate.h"
#include "bpf/tables/check.h"

namespace portal::gate {
namespace {

using namespace packets;

class IngressTable : public testing::TestWithParam<Standing> {};

TEST_P(IngressTable, HoldsRowByRow) {
    Gate gate;
    check_ingress(gate, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Standing, IngressTable, testing::ValuesIn(kStandings),
                         [](const auto& row) { return name_of(row.param); });

const Packet kHttps = IPv4{} / TCP{.dport = 443};

TEST(Ingress, AClientOfOneVlanIsAStrangerInAnother) {
    Gate gate;
    set_standing(gate, key_of(kClientMac, 100), Standing::authorized);

    EXPECT_EQ(gate.ingress(Ethernet{} / Vlan{.id = 100} / kHttps).reason, REASON_AUTHORIZED);
    EXPECT_EQ(gate.ingress(Ethernet{} / Vlan{.id = 101} / kHttps).reason, REASON_HTTPS);
    EXPECT_EQ(gate.ingress(Ethernet{} / kHttps).reason, REASON_HTTPS);
    EXPECT_EQ(gate.ingress(Ethernet{} / Vlan{.id = 200} / Vlan{.id = 100} / kHttps).reason,
              REASON_HTTPS);
}

TEST(Ingress, AnUntaggedClientIsAStrangerInAnyVlan) {
    Gate gate;
    set_standing(gate, key_of(kClientMac), Standing::authorized);

    EXPECT_EQ(gate.ingress(Ethernet{} / kHttps).reason, REASON_AUTHORIZED);
    EXPECT_EQ(gate.ingress(Ethernet{} / Vlan{.id = 0} / kHttps).reason, REASON_AUTHORIZED);
    EXPECT_EQ(gate.ingress(Ethernet{} / Vlan{.id = 100} / kHttps).reason, REASON_HTTPS);
    EXPECT_EQ(gate.ingress(Ethernet{} / Vlan{.id = 0} / Vlan{.id = 100} / kHttps).reason,
              REASON_HTTPS);
}

TEST(Ingress, EveryBitOfTheMacCounts) {
    Gate gate;
    set_standing(gate, key_of(kClientMac), Standing::authorized);
    for (std::size_t bit = 0; bit < 48; bit++) {
        Mac near = kClientMac;
        near.bytes.at(bit / 8) ^= static_cast<std::uint8_t>(1U << bit % 8);
        const Outcome outcome = gate.ingress(Ethernet{.src = near} / kHttps);
        EXPECT_EQ(outcome.action, XDP_DROP) << near.to_string();
    }
}

TEST(Ingress, AJumboFrameIsReadByItsHeaders) {
    Gate gate;
    const Bytes jumbo = Ethernet{} / IPv4{} / UDP{.dport = 443} / Payload{8900};
    EXPECT_EQ(gate.ingress(jumbo).reason, REASON_QUIC);
    set_standing(gate, key_of(kClientMac), Standing::authorized);
    const Outcome outcome = gate.ingress(jumbo);
    EXPECT_EQ(outcome.reason, REASON_AUTHORIZED);
    EXPECT_EQ(outcome.bytes, jumbo.size());
}

TEST(Ingress, TellsTcWhatToSteer) {
    Gate gate;
    const auto steering = [&](const Packet& packet) {
        const Outcome outcome = gate.ingress(Ethernet{} / packet);
        return outcome.note ? static_cast<int>(outcome.note->steering) : -1;
    };
    const IPv4 server{}, portal{.dst = kGateway4};

    EXPECT_EQ(steering(server / TCP{.dport = 80}), STEER_ALL);
    EXPECT_EQ(steering(portal / TCP{.dport = 80}), STEER_ALL);
    EXPECT_EQ(steering(portal / TCP{.dport = 443}), STEER_OWN) << "there is no TLS";
    EXPECT_EQ(steering(portal / UDP{.dport = 53}), STEER_NONE);
    EXPECT_EQ(steering(Arp{}), STEER_NONE);

    set_standing(gate, key_of(kClientMac), Standing::authorized);
    EXPECT_EQ(steering(server / TCP{.dport = 80}), STEER_OWN);
    EXPECT_EQ(steering(portal / TCP{.dport = 80}), STEER_OWN);
    EXPECT_EQ(steering(server / TCP{.dport = 443}), STEER_NONE);
    EXPECT_EQ(steering(server / UDP{.dport = 80}), STEER_NONE);
}

}  // namespace
}  // namespace portal::gate
