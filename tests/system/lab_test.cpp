// The lab itself: without a gate, everybody passes. What the other tests see is then the gate's
// doing.
#include "system/system_test.h"

namespace portal::system_test {
namespace {

using LabTest = FamilyTest;

TEST_P(LabTest, WithoutAGateEverythingIsOpen) {
    EXPECT_TRUE(guest().online());
    EXPECT_EQ(lab::reach(lab_.client, guest().gateway(22)), Reach::refused);
}

TEST_F(SystemTest, FramesArriveAsSent) {
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const PacketSocket gateway(lab_.gateway, lab::kGatewayInterface);
    const Bytes sent = Ethernet{} / Vlan{100} / IPv4{} / UDP{} / Payload("tagged");
    ASSERT_TRUE(client.send(sent));
    const auto others = gateway.receive_until([&](const Bytes& frame) { return frame == sent; });
    EXPECT_LT(others.size(), 10u);
}

PORTAL_BOTH_FAMILIES(LabTest);

}  // namespace
}  // namespace portal::system_test
