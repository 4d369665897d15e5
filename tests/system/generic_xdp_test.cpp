// Where XDP is generic, as on a bridge, the gate is what it is elsewhere. What the lab's hosts
// send over TCP arrives cloned, and is copied on the way through generic XDP.
#include "system/system_test.h"

namespace portal::system_test {
namespace {

const std::string kGeneric =
    "client_interfaces = [\"eth1\"]\nuplink_interfaces = [\"eth0\"]\nxdp_mode = \"generic\"";

class GenericXdpTest : public FamilyTest {
  protected:
    bool v4() const { return GetParam() == Family::ipv4; }
    void forget_neighbors() const {
        for (const lab::NetNamespace* host : {&lab_.client, &lab_.gateway})
            lab::Lab::ip(*host, "neigh flush all\n");
    }
};

TEST_P(GenericXdpTest, AStrangerSignsInAndOut) {
    const Portald portald(lab_, {{"gateway", kGeneric}});
    forget_neighbors();
    EXPECT_EQ(guest().get(Guest::url(guest().server(80))).status, 511);
    EXPECT_TRUE(guest().captive());

    ASSERT_EQ(portald.ctl({"client", "authorize", kClientName}).exit, 0);
    forget_neighbors();
    EXPECT_TRUE(guest().online());
    EXPECT_EQ(guest().get(guest().portal()).status, 200);
    ASSERT_EQ(portald.ctl({"client", "deauthorize", kClientName}).exit, 0);
    EXPECT_TRUE(guest().captive());

    ASSERT_EQ(guest().click_through().status, 303);
    EXPECT_TRUE(guest().online());
    ASSERT_EQ(guest().sign_out().status, 303);
    EXPECT_TRUE(guest().captive());
    EXPECT_EQ(portald.packets("runt") + portald.packets("ethertype"), 0U);
}

TEST_P(GenericXdpTest, DeauthorizingCutsADownload) {
    const Portald portald(lab_, {{"gateway", kGeneric}});
    ASSERT_EQ(portald.ctl({"client", "authorize", kClientName}).exit, 0);
    const UniqueFd listener = lab::listen_tcp(lab_.internet, guest().server(9000));
    const lab::Attempt download = lab::connect_tcp(lab_.client, guest().server(9000));
    ASSERT_EQ(download.reach, Reach::open);
    const UniqueFd server = lab::accept_tcp(listener);
    lab::send_stream(server, std::string(64 * 1024, 'x'));
    std::size_t received = 0;
    while (received < 64 * 1024) {
        const auto piece = lab::receive(download.socket, lab::kPatience);
        ASSERT_TRUE(piece);
        received += piece->size();
    }
    ASSERT_EQ(portald.ctl({"client", "deauthorize", kClientName}).exit, 0);
    lab::send_stream(server, "after");
    lab::await("the drop", [&] { return portald.packets("tx_stranger") > 0; });
    EXPECT_FALSE(lab::receive(download.socket, 500ms));
}

// A tag in the frame, which the kernel takes out of it between XDP and TC.
TEST_P(GenericXdpTest, FramesOfAVlanPass) {
    const Portald portald(lab_, {{"gateway", kGeneric}});
    ASSERT_EQ(portald.ctl({"client", "authorize", kClientName + "@100"}).exit, 0);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const Packet tagged = Ethernet{} / Vlan{100};
    const UDP udp{.dport = 9000};
    ASSERT_TRUE(client.send(v4() ? tagged / IPv4{} / udp : tagged / IPv6{} / udp));
    lab::await("the frame", [&] { return portald.packets("authorized") == 1; });
    EXPECT_EQ(portald.packets("runt") + portald.packets("ethertype"), 0U);
}

// A copied packet must not pass for one that was not by a network header that repeats its link
// header, in front of a frame within the frame.
TEST_P(GenericXdpTest, AFrameWithinAFrameIsDropped) {
    const Portald portald(lab_, {{"gateway", kGeneric}});
    const PacketSocket client(lab_.client, lab::kClientInterface);
    ASSERT_EQ(portald.ctl({"client", "trust", kClientName}).exit, 0);
    const Bytes frame = v4() ? Ethernet{} / IPv4{} / UDP{} : Ethernet{} / IPv6{} / UDP{};
    Bytes nested(frame.begin(), frame.begin() + 14);
    nested.insert(nested.end(), frame.begin(), frame.end());
    ASSERT_TRUE(client.send(nested));
    lab::await("the drop", [&] { return portald.packets("runt") == 1; });
}

PORTAL_BOTH_FAMILIES(GenericXdpTest);

}  // namespace
}  // namespace portal::system_test
