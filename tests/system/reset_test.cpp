// blocked_traffic = "reset", as applications meet it: they fail at once instead of waiting.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>

#include "system/lab/failure.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

const Settings kReset{{"strangers", "blocked_traffic = \"reset\""}};

// What a socket that is connected to `to` is told of a datagram; 0 if nothing.
int error_of_datagram(const lab::NetNamespace& from, const Endpoint& to) {
    return from.run([&] {
        // Takes both families, IPv4 as v4-mapped.
        const UniqueFd socket(
            lab::must(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(to.port);
        std::memcpy(&address.sin6_addr, to.address.bytes.data(), sizeof address.sin6_addr);
        lab::must(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
                  "connect");
        lab::must(::send(socket.get(), "x", 1, 0), "send");
        pollfd wanted{.fd = socket.get(), .events = 0, .revents = 0};
        if (::poll(&wanted, 1, 2000) <= 0) return 0;
        int error = 0;
        socklen_t size = sizeof error;
        lab::must(::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size), "SO_ERROR");
        return error;
    });
}

class ResetTest : public FamilyTest {
  protected:
    bool v4() const { return GetParam() == Family::ipv4; }
    // As Linux tells applications of "administratively prohibited".
    int prohibited() const { return v4() ? EHOSTUNREACH : EACCES; }
    WebAnswer https() { return lab::curl(lab_.client, "https" + url().substr(4)); }
    std::string url() { return Guest::url(guest().server(443)); }

    const UniqueFd receiving_ = lab_.receive_from_xdp();

    void expect_refusals() {
        const WebAnswer answer = https();
        EXPECT_EQ(answer.exit, 7) << answer.error;
        EXPECT_EQ(lab::reach(lab_.client, guest().server(443)), Reach::refused);
        EXPECT_EQ(error_of_datagram(lab_.client, guest().server(443)), prohibited());
    }
    void expect_silence() {
        const WebAnswer answer = https();
        EXPECT_EQ(answer.exit, 28) << answer.error;
        EXPECT_EQ(lab::reach(lab_.client, guest().server(443)), Reach::silent);
    }
};

TEST_P(ResetTest, ApplicationsFailAtOnce) {
    const UniqueFd ssh = lab::listen_tcp(lab_.gateway, guest().gateway(22));
    Portald portald(lab_, kReset);
    expect_refusals();
    EXPECT_EQ(lab::reach(lab_.client, guest().server(22)), Reach::refused);
    EXPECT_EQ(lab::reach(lab_.client, guest().gateway(22)), Reach::refused);
    EXPECT_EQ(lab::reach(lab_.client, guest().server(53)), Reach::refused);
    EXPECT_EQ(error_of_datagram(lab_.client, guest().server(53)), prohibited());
    EXPECT_EQ(error_of_datagram(lab_.client, guest().gateway(9000)), prohibited());
    EXPECT_GE(portald.packets("https"), 2U);
    EXPECT_GE(portald.packets("tx_reset"), 5U);
    EXPECT_EQ(portald.packets("tx_unreachable"), 3U);
}

TEST_P(ResetTest, SignInIsAsEver) {
    Portald portald(lab_, kReset);
    EXPECT_EQ(guest().get(Guest::url(guest().server(80))).status, 511);
    ASSERT_EQ(guest().click_through().status, 303);
    EXPECT_TRUE(guest().online());
    ASSERT_EQ(guest().sign_out().status, 303);
    expect_refusals();
}

TEST_P(ResetTest, ABlockedClientHearsNothing) {
    Portald portald(lab_, kReset);
    ASSERT_EQ(portald.ctl({"client", "block", kClientName}).exit, 0);
    expect_silence();
}

TEST_P(ResetTest, ARestartChangesTheMode) {
    Portald portald(lab_);
    expect_silence();
    portald.write_config(kReset);
    const auto reload = portald.json({"config", "reload"});
    EXPECT_EQ(reload.at("needs_restart"), boost::json::value({"strangers.blocked_traffic"}));
    expect_silence();
    portald.stop();
    portald.start();
    expect_refusals();
}

PORTAL_BOTH_FAMILIES(ResetTest);

// The answer is in the VLAN that was asked in, and goes to nobody else. The gateway has no address
// there: only what is of every link is a client's.
TEST_F(SystemTest, ResetsAreInTheVlan) {
    const UniqueFd receiving = lab_.receive_from_xdp();
    Portald portald(lab_, kReset);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const Ethernet to{}, from{.src = kGatewayMac, .dst = kClientMac};
    const Vlan outer{.id = 200, .tpid = kServiceTag}, inner{.id = 100, .priority = 3};
    const Packet there = IPv6{.src = kClientLinkLocal} / TCP{.dport = 22};
    const Packet back = IPv6{.src = kServer6, .dst = kClientLinkLocal} /
                        TCP{.sport = 22,
                            .dport = 40000,
                            .seq = 0,
                            .ack = 2,
                            .flags = kRst | kAck,
                            .window = 0};
    const auto expect_reset = [&](const Packet& sent, const Bytes& wanted) {
        ASSERT_TRUE(client.send(sent));
        lab::await("the reset", [&] {
            const auto frame = client.receive(1s);
            return frame && frame->size() >= wanted.size() &&
                   packets::truncate(*frame, wanted.size()) == wanted;
        });
    };
    expect_reset(to / inner / there, from / inner / back);
    expect_reset(to / outer / inner / there, from / outer / inner / back);
}

// portald tells the gate what the network's broadcast address is.
TEST_F(SystemTest, NothingToTheBroadcastAddressIsReset) {
    const UniqueFd receiving = lab_.receive_from_xdp();
    Portald portald(lab_, kReset);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const auto resets = [&](const IPv4& ip) {
        const std::uint64_t before = portald.packets("tx_reset");
        EXPECT_TRUE(client.send(Ethernet{} / ip / TCP{.dport = 22}));
        return portald.packets("tx_reset") - before;
    };
    EXPECT_EQ(resets({.dst = ip("192.0.2.255")}), 0U);
    EXPECT_EQ(resets({.src = ip("192.0.2.255")}), 0U);
    EXPECT_EQ(resets({.dst = ip("192.0.2.254")}), 1U);
}

}  // namespace
}  // namespace portal::system_test
