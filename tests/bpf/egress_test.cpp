// portal_egress: every row of the table, to a client of every standing.
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include "bpf/gate.h"
#include "bpf/tables/check.h"

namespace portal::gate {
namespace {

using namespace packets;

class EgressTable : public testing::TestWithParam<Standing> {};

TEST_P(EgressTable, HoldsRowByRow) {
    Gate gate;
    check_egress(gate, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Standing, EgressTable, testing::ValuesIn(kStandings),
                         [](const auto& row) { return name_of(row.param); });

const Ethernet kToClient{.src = kGatewayMac, .dst = kClientMac};
const Packet kDownload =
    IPv4{.src = kServer4, .dst = kClient4} / TCP{.sport = 443, .dport = 40000, .flags = kAck};

TEST(Egress, StopsADownloadTheMomentTheSessionIsOver) {
    Gate gate;
    const TcContext forwarded{.ingress_ifindex = 7};
    const Bytes frame = kToClient / kDownload / Payload{1000};

    set_standing(gate, key_of(kClientMac), Standing::authorized);
    EXPECT_EQ(gate.egress(frame, forwarded).action, TC_ACT_UNSPEC);
    gate.remove(key_of(kClientMac));
    EXPECT_EQ(gate.egress(frame, forwarded).action, TC_ACT_SHOT);
    set_standing(gate, key_of(kClientMac), Standing::expired);
    EXPECT_EQ(gate.egress(frame, forwarded).action, TC_ACT_SHOT);
}

TEST(Egress, TheRecipientIsTheMacAndTheVlan) {
    Gate gate;
    set_standing(gate, key_of(kClientMac, 100), Standing::authorized);
    EXPECT_EQ(gate.egress(kToClient / Vlan{.id = 100} / kDownload).reason, REASON_TX_AUTHORIZED);
    EXPECT_EQ(gate.egress(kToClient / Vlan{.id = 101} / kDownload).reason, REASON_TX_STRANGER);
    EXPECT_EQ(gate.egress(kToClient / kDownload).reason, REASON_TX_STRANGER);
}

TEST(Egress, AGroupIsNobodysSession) {
    Gate gate;
    set_standing(gate, key_of(kClientMac), Standing::authorized);
    const Ethernet to_all{.src = kGatewayMac, .dst = kBroadcastMac};
    EXPECT_EQ(gate.egress(to_all / kDownload).reason, REASON_TX_STRANGER);
}

}  // namespace
}  // namespace portal::gate
