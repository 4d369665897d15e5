// What a stranger cannot do, seen from where it would arrive.
#include "packets/applications.h"
#include "system/marked_frame.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

class StrangersTest : public FamilyTest {
  protected:
    bool v4() const { return GetParam() == Family::ipv4; }
    Packet to_internet() const { return v4() ? Ethernet{} / IPv4{} : Ethernet{} / IPv6{}; }
    Packet to_gateway() const {
        return v4() ? Ethernet{} / IPv4{.dst = kGateway4} : Ethernet{} / IPv6{.dst = kGateway6};
    }
    Packet echo_request() const { return v4() ? Packet{ICMP{}} : Packet{ICMPv6{}}; }

    // How many packets the gate counted for `reason` because of `frame`.
    std::uint64_t counted(const std::string& reason, const Bytes& frame) {
        const std::uint64_t before = portald_.packets(reason);
        EXPECT_TRUE(client_.send(frame));
        return portald_.packets(reason) - before;
    }

    Portald portald_{lab_};
    PacketSocket client_{lab_.client, lab::kClientInterface};
};

TEST_P(StrangersTest, ReachesNoPortOfTheGateway) {
    const UniqueFd ssh = lab::listen_tcp(lab_.gateway, guest().gateway(22));
    EXPECT_EQ(lab::reach(lab_.client, guest().gateway(22)), Reach::silent);
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    EXPECT_EQ(lab::reach(lab_.client, guest().gateway(22)), Reach::open);
}

TEST_P(StrangersTest, ReachesNoPortOfTheInternet) {
    const UniqueFd ssh = lab::listen_tcp(lab_.internet, guest().server(22));
    EXPECT_EQ(lab::reach(lab_.client, guest().server(22)), Reach::silent);
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    EXPECT_EQ(lab::reach(lab_.client, guest().server(22)), Reach::open);
}

TEST_P(StrangersTest, SendsNoDatagramNorPingThrough) {
    EXPECT_EQ(counted("udp", to_internet() / UDP{.dport = 9000} / Payload("x")), 1u);
    EXPECT_EQ(counted("quic", to_internet() / UDP{.dport = 443} / Payload("x")), 1u);
    EXPECT_EQ(counted("udp", to_gateway() / UDP{.dport = 9000} / Payload("x")), 1u);
    EXPECT_EQ(counted("icmp", to_internet() / echo_request()), 1u);
    EXPECT_EQ(counted("icmp_echo", to_gateway() / echo_request()), 1u);
    EXPECT_EQ(counted("tcp", to_internet() / TCP{.dport = 853}), 1u);
}

TEST_P(StrangersTest, AsksNoForeignResolver) {
    EXPECT_EQ(counted("dns_foreign", to_internet() / UDP{.dport = 53} / Payload(dns_question())),
              1u);
    EXPECT_EQ(counted("dns_foreign", to_internet() / TCP{.dport = 53}), 1u);
}

TEST_P(StrangersTest, AsksTheGatewaysResolver) {
    const UniqueFd resolver = lab::bind_udp(lab_.gateway, guest().gateway(53));
    const UniqueFd asker = lab::bind_udp(lab_.client, {v4() ? kClient4 : kClient6, 0});
    lab::send_udp(asker, guest().gateway(53), "question");
    EXPECT_EQ(lab::receive(resolver, 5s), "question");
}

// The gate counts by itself; here is what the uplink sees.
TEST_P(StrangersTest, NothingOfItLeavesByTheUplink) {
    const PacketSocket uplink(lab_.internet, lab::kInternetInterface);
    for (const Bytes& frame :
         {Bytes(to_internet() / UDP{.dport = 9000} / Payload("stranger")),
          Bytes(to_internet() / UDP{.dport = 53} / Payload(dns_question())),
          Bytes(to_internet() / TCP{.dport = 443}), Bytes(to_internet() / TCP{.dport = 80}),
          Bytes(to_internet() / TCP{.dport = 22}), Bytes(to_internet() / echo_request())})
        ASSERT_TRUE(client_.send(frame));
    ASSERT_EQ(portald_.ctl({"client", "trust", kOtherName}).exit, 0);
    const Ethernet trusted{.src = kOtherMac};
    ASSERT_TRUE(client_.send(last_frame(v4() ? trusted / IPv4{} : trusted / IPv6{})));
    for (const Bytes& frame : uplink.receive_until(is_last_frame))
        EXPECT_TRUE(lab::is_chatter(frame)) << testing::PrintToString(frame);
}

PORTAL_BOTH_FAMILIES(StrangersTest);

}  // namespace
}  // namespace portal::system_test
