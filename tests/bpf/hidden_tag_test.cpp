// Tags outside the frame, where NICs and the kernel put them: the same client as with the tag in
// the frame.
#include <gtest/gtest.h>
#include <linux/pkt_cls.h>

#include "bpf/gate.h"
#include "bpf/tables/check.h"
#include "bpf/tag_stripper.h"

namespace portal::gate {
namespace {

using namespace packets;

class HiddenTag : public testing::Test {
  protected:
    Outcome steer(std::uint16_t tag, const Bytes& frame) { return stripper_.steer(tag, frame); }
    Outcome egress(std::uint16_t tag, const Bytes& frame) { return stripper_.egress(tag, frame); }
    void sign_in(std::uint16_t vlan) {
        set_standing(gate_, key_of(kClientMac, vlan), Standing::authorized);
    }

    Gate gate_;

  private:
    TagStripper stripper_{gate_};
};

const Bytes kHttps = Ethernet{} / IPv4{} / TCP{.dport = 443};

TEST_F(HiddenTag, IsPartOfTheKey) {
    sign_in(100);
    EXPECT_EQ(steer(100, kHttps).action, TC_ACT_UNSPEC);
    EXPECT_EQ(steer(101, kHttps).reason, REASON_HTTPS);
    EXPECT_EQ(steer(0, kHttps).reason, REASON_HTTPS);
}

TEST_F(HiddenTag, CountsAsOnTheWire) {
    sign_in(100);
    const Bytes download = Ethernet{.src = kGatewayMac, .dst = kClientMac} /
                           IPv4{.src = kServer4, .dst = kClient4} / UDP{.sport = 443};
    EXPECT_EQ(egress(100, download).bytes, download.size() + 4);
}

TEST_F(HiddenTag, PriorityBitsAreNot) {
    sign_in(100);
    EXPECT_EQ(steer(5 << 13 | 100, kHttps).action, TC_ACT_UNSPEC);
}

TEST_F(HiddenTag, IsTheOuterOne) {
    sign_in(100);
    const Bytes inner = Ethernet{} / Vlan{.id = 200} / IPv4{} / TCP{.dport = 443};
    EXPECT_EQ(steer(100, inner).action, TC_ACT_UNSPEC);
    EXPECT_EQ(steer(200, inner).reason, REASON_HTTPS);
}

TEST_F(HiddenTag, OfPriorityAloneLeavesTheVlanToTheNext) {
    sign_in(200);
    const Bytes inner = Ethernet{} / Vlan{.id = 200} / IPv4{} / TCP{.dport = 443};
    EXPECT_EQ(steer(3 << 13, inner).action, TC_ACT_UNSPEC);
    EXPECT_EQ(steer(100, inner).reason, REASON_HTTPS);
}

TEST_F(HiddenTag, CountsAsATag) {
    const Bytes two = Ethernet{} / Vlan{} / Vlan{} / IPv4{} / TCP{.dport = 443};
    EXPECT_EQ(steer(100, two).reason, REASON_VLAN_TAGS);
}

TEST_F(HiddenTag, TellsTheRecipientToo) {
    sign_in(100);
    const Bytes down = Ethernet{.src = kGatewayMac, .dst = kClientMac} / IPv4{.src = kServer4} /
                       TCP{.sport = 443, .flags = kAck};
    EXPECT_EQ(egress(100, down).reason, REASON_TX_AUTHORIZED);
    EXPECT_EQ(egress(101, down).reason, REASON_TX_STRANGER);
}

}  // namespace
}  // namespace portal::gate
