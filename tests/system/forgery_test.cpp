// A station that borrows another's IP address gets nothing by it.
#include "system/marked_frame.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

class ForgeryTest : public FamilyTest {
  protected:
    bool v4() const { return GetParam() == Family::ipv4; }
    // From the other station's MAC, with the client's IP.
    Packet forged(const Endpoint& to) const {
        const Ethernet other{.src = kOtherMac};
        return v4() ? other / IPv4{.dst = to.address} : other / IPv6{.dst = to.address};
    }

    Portald portald_{lab_};
    PacketSocket client_{lab_.client, lab::kClientInterface};
};

TEST_P(ForgeryTest, ASignInIsOfTheStationThatAsked) {
    ASSERT_TRUE(client_.send(forged(guest().server(80)) / TCP{.sport = 50000}));
    ASSERT_EQ(guest().click_through().status, 303);
    EXPECT_EQ(portald_.state(kClientName), "authorized");
    EXPECT_EQ(portald_.state(kOtherName), "stranger");
    const std::uint64_t before = portald_.packets("udp");
    ASSERT_TRUE(client_.send(forged(guest().server(9000)) / UDP{.dport = 9000} / Payload("x")));
    EXPECT_EQ(portald_.packets("udp"), before + 1);
}

TEST_P(ForgeryTest, NobodyJoinsAnothersConnectionWithThePortal) {
    lab::Attempt connection = lab::connect_tcp(lab_.client, guest().server(80));
    ASSERT_EQ(connection.reach, Reach::open);
    const std::uint16_t port = lab::local_port(connection.socket);
    const std::string request = "POST /sign-in HTTP/1.1\r\nHost: portal\r\n\r\n";
    for (const std::uint8_t flags :
         {std::uint8_t{kAck | kPsh}, kAck, kRst, std::uint8_t{kFin | kAck}})
        ASSERT_TRUE(client_.send(forged(guest().server(80)) / TCP{.sport = port, .flags = flags} /
                                 Payload(request)));
    EXPECT_EQ(portald_.packets("steer_foreign_flow"), 4u);
    // Its owner goes on undisturbed.
    lab::send_stream(connection.socket, "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
    const auto answer = lab::receive(connection.socket, 5s);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->starts_with("HTTP/1.1 511 ")) << *answer;
}

// Were it answered there, the portal would send to whomever a stranger names.
TEST_P(ForgeryTest, AnAddressOfTheInternetIsNotAnsweredThere) {
    ASSERT_EQ(portald_.ctl({"client", "trust", kOtherName}).exit, 0);
    const PacketSocket internet(lab_.internet, lab::kInternetInterface);
    const auto from = [&](const Mac& station, const IpAddress& source, const IpAddress& to) {
        return v4() ? Ethernet{.src = station} / IPv4{.src = source, .dst = to}
                    : Ethernet{.src = station} / IPv6{.src = source, .dst = to};
    };
    const IpAddress server = guest().server(80).address;
    const IpAddress elsewhere = v4() ? ip("198.51.100.7") : ip("2001:db8:eeee::7");
    for (const IpAddress& to : {elsewhere, guest().gateway(80).address})
        for (const std::uint8_t flags : {kSyn, kAck, kRst})
            ASSERT_TRUE(client_.send(from(kClientMac, server, to) / TCP{.flags = flags}));
    const Packet ping = v4() ? Packet{ICMP{}} : Packet{ICMPv6{}};
    ASSERT_TRUE(client_.send(from(kClientMac, server, guest().gateway(80).address) / ping));
    ASSERT_TRUE(client_.send(last_frame(from(kOtherMac, v4() ? kClient4 : kClient6, server))));
    for (const Bytes& frame : internet.receive_until(is_last_frame))
        EXPECT_TRUE(lab::is_chatter(frame)) << testing::PrintToString(frame);
}

// As a guest whose card knows an address of the Internet, or of another network of the venue's.
TEST_P(ForgeryTest, ASignedInClientSendsFromItsNetworkAlone) {
    ASSERT_EQ(guest().click_through().status, 303);
    const Ethernet own{.src = kClientMac};
    const IpAddress elsewhere = v4() ? ip("198.51.100.7") : ip("2001:db8:eeee::7");
    const std::uint64_t before = portald_.packets("source_address");
    const auto from = [&](const IpAddress& source) {
        const IpAddress server = guest().server(9000).address;
        return v4() ? own / IPv4{.src = source, .dst = server}
                    : own / IPv6{.src = source, .dst = server};
    };
    const PacketSocket internet(lab_.internet, lab::kInternetInterface);
    ASSERT_TRUE(client_.send(from(elsewhere) / UDP{.dport = 9000} / Payload("x")));
    ASSERT_TRUE(client_.send(last_frame(from(v4() ? kClient4 : kClient6))));
    for (const Bytes& frame : internet.receive_until(is_last_frame))
        EXPECT_TRUE(lab::is_chatter(frame)) << testing::PrintToString(frame);
    EXPECT_EQ(portald_.packets("source_address"), before + 1);
}

// By its name: it may come anew, with another index.
TEST_P(ForgeryTest, ASessionIsOfTheInterfaceItWasBegunOn) {
    Process monitor = portald_.monitor();
    ASSERT_EQ(guest().click_through().status, 303);
    EXPECT_EQ(portald_.client(kClientName).at("interface"), "eth1");
    ASSERT_TRUE(guest().online());
    lab_.unplug_client();
    monitor.await_line("program_detached");
    lab_.connect_client("31");
    monitor.await_line("program_attached");
    lab::await("the guest online", [&] { return guest().online(); });
}

TEST_P(ForgeryTest, TheSameMacOnAnotherVlanIsReported) {
    Process monitor = portald_.monitor();
    ASSERT_EQ(guest().click_through().status, 303);
    ASSERT_TRUE(
        client_.send(Ethernet{.src = kClientMac, .dst = kBroadcastMac} / Vlan{100} / Arp{}));
    const std::string line = monitor.await_line("\"forgery\"");
    EXPECT_NE(line.find(kClientName), std::string::npos) << line;
}

TEST_P(ForgeryTest, BoundAddressesAreOfWhoUsedThemFirst) {
    portald_.write_config({{"session", "bind_addresses = true"}});
    ASSERT_EQ(portald_.ctl({"config", "reload"}).exit, 0);
    Process monitor = portald_.monitor();
    ASSERT_EQ(guest().click_through().status, 303);
    ASSERT_EQ(portald_.ctl({"client", "authorize", kOtherName}).exit, 0);
    ASSERT_TRUE(guest().online());
    const std::uint64_t before = portald_.packets("source_bound");
    ASSERT_TRUE(client_.send(forged(guest().server(9000)) / UDP{.dport = 9000} / Payload("x")));
    const std::string line = monitor.await_line("\"forgery\"");
    EXPECT_NE(line.find(kOtherName), std::string::npos) << line;
    EXPECT_EQ(portald_.packets("source_bound"), before + 1);
    EXPECT_TRUE(guest().online());
}

PORTAL_BOTH_FAMILIES(ForgeryTest);

}  // namespace
}  // namespace portal::system_test
