// Between XDP and TC a stranger's port 80 is nobody's: without TC the stack drops it.
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include "bpf/gate.h"
#include "bpf/tables/check.h"
#include "bpf/world.h"

namespace portal::gate {
namespace {

using namespace packets;

constexpr Mac kNobodys{{0x00, 0x00, 0x00, 0x00, 0x00, 0x01}};

Bytes web(const Family& family, const Mac& to, const IpAddress& server) {
    return Ethernet{.dst = to} / family.to(server) / TCP{.dport = 80};
}

TEST(Handover, HidesPort80OfStrangers) {
    Gate gate;
    for (const Family& family : kFamilies) {
        const Outcome outcome = gate.ingress(web(family, kGatewayMac, family.server));
        EXPECT_EQ(outcome.action, XDP_PASS);
        EXPECT_EQ(outcome.frame, web(family, kNobodys, family.server));
    }
}

TEST(Handover, ShowsItWhereTcIs) {
    Gate gate;
    for (const Family& family : kFamilies) {
        const Bytes shown = web(family, kGatewayMac, family.server);
        EXPECT_EQ(gate.steer(web(family, kNobodys, family.server)).frame, shown);
        EXPECT_EQ(gate.steer(shown).frame, shown) << "XDP has not seen it";
    }
}

TEST(Handover, LeavesAllElseAsItIs) {
    Gate gate;
    for (const Family& family : kFamilies) {
        const auto expect_unchanged = [&](const Bytes& frame) {
            const Outcome outcome = gate.ingress(frame);
            EXPECT_EQ(outcome.action, XDP_PASS);
            EXPECT_EQ(outcome.frame, frame);
        };
        expect_unchanged(web(family, kOtherMac, family.server));
        expect_unchanged(web(family, kGatewayMac, family.gateway));
        expect_unchanged(web(family, kGatewayMac, family.garden));
        set_standing(gate, key_of(kClientMac), Standing::authorized);
        expect_unchanged(web(family, kGatewayMac, family.server));
        set_standing(gate, key_of(kClientMac), Standing::unknown);
    }
}

}  // namespace
}  // namespace portal::gate
