// Thousands of odd frames from strangers, and not one beyond the gate.
#include <iostream>

#include "system/marked_frame.h"
#include "system/odd_frames.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

const Mac kTrusted = mac("02:00:00:00:aa:aa");

TEST_F(SystemTest, NoOddFrameGetsThrough) {
    const Portald portald(lab_);
    ASSERT_EQ(portald.ctl({"client", "trust", kTrusted.to_string()}).exit, 0);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const PacketSocket internet(lab_.internet, lab::kInternetInterface);

    std::size_t sent = 0;
    for (const Bytes& frame : odd_frames(kTrusted))
        if (client.send(frame)) ++sent;
    ASSERT_TRUE(client.send(last_frame(Ethernet{.src = kTrusted} / IPv4{})));
    EXPECT_GE(sent, 12'000u);

    std::size_t leaked = 0;
    for (const Bytes& frame : internet.receive_until(is_last_frame)) {
        if (lab::is_chatter(frame)) continue;
        if (++leaked <= 10) ADD_FAILURE() << "leaked: " << testing::PrintToString(frame);
    }
    EXPECT_EQ(leaked, 0u);
    std::cout << sent << " odd frames sent, " << leaked << " on the uplink\n";

    // The gate is still there, and so is the portal.
    EXPECT_TRUE(guest4_.captive());
    EXPECT_TRUE(guest6_.captive());
}

}  // namespace
}  // namespace portal::system_test
