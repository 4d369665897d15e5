// Attacks by the order of things: handshakes turned round, and connections from before.
#include "system/attacks/attack.h"

namespace portal::system_test {
namespace {

class ConnectionAttack : public AttackTest {
  protected:
    Bytes up(std::uint16_t port, std::uint8_t flags) const {
        return to_internet() / TCP{.dport = port, .ack = 2, .flags = flags} / Payload("up");
    }
    Bytes down(std::uint16_t port, std::uint8_t flags) const {
        return from_accomplice() / TCP{.sport = port, .dport = 40000, .ack = 2, .flags = flags} /
               Payload("from there");
    }
};

// The accomplice begins; the client answers a SYN with a SYN.
TEST_P(ConnectionAttack, SplitHandshake) {
    for (const std::uint16_t port : Ports{80, 443, 53, 22}) {
        EXPECT_TRUE(holding("from there", received_of({down(port, kSyn)})).empty()) << port;
        expect_nothing_leaves({up(port, kSyn), up(port, kSyn | kAck), up(port, kAck)});
    }
}

TEST_P(ConnectionAttack, SimultaneousOpen) {
    for (const std::uint16_t port : Ports{80, 443, 22}) {
        ASSERT_TRUE(client_.send(up(port, kSyn)));
        EXPECT_TRUE(holding("from there", received_of({down(port, kSyn), down(port, kSyn | kAck),
                                                       down(port, kAck | kPsh)}))
                        .empty())
            << port;
        expect_nothing_leaves({up(port, kSyn | kAck), up(port, kAck | kPsh)});
    }
}

// Every combination of flags, in the middle of no connection.
TEST_P(ConnectionAttack, AnyFlags) {
    std::vector<Bytes> frames;
    for (unsigned flags = 0; flags < 256; ++flags)
        for (const std::uint16_t port : Ports{80, 443})
            frames.push_back(up(port, static_cast<std::uint8_t>(flags)));
    expect_nothing_leaves(frames);
}

// What the accomplice sends unasked, from ports that answers come from.
TEST_P(ConnectionAttack, AnswersNobodyAskedFor) {
    std::vector<Bytes> frames;
    for (const std::uint16_t port : Ports{53, 80, 443, 67, 547, 123})
        for (const std::uint16_t to : Ports{40000, 68, 546, 53}) {
            frames.push_back(from_accomplice() / UDP{.sport = port, .dport = to} /
                             Payload("from there"));
            frames.push_back(from_accomplice() / TCP{.sport = port, .dport = to, .flags = kAck} /
                             Payload("from there"));
        }
    frames.push_back(from_accomplice() / echo_reply() / Payload("from there"));
    frames.push_back(from_accomplice() / echo_request() / Payload("from there"));
    EXPECT_TRUE(holding("from there", received_of(frames)).empty());
}

class CutAttack : public AttackTest {
  protected:
    void SetUp() override {
        run({"client", "authorize", kClientName});
        lab::Attempt attempt = lab::connect_tcp(lab_.client, server_);
        ASSERT_EQ(attempt.reach, Reach::open);
        tcp_ = std::move(attempt.socket);
        far_tcp_ = lab::accept_tcp(listener_);
        ASSERT_TRUE(flows());
        // What was on its way has arrived.
        for (const PacketSocket* socket : {&internet_, &client_})
            while (socket->receive(std::chrono::milliseconds(50))) {
            }
    }
    bool flows() const {
        lab::send_stream(tcp_, "up");
        lab::send_udp(udp_, server_, "up");
        lab::send_stream(far_tcp_, "down");
        lab::send_udp(far_udp_, near_, "down");
        return lab::receive(far_tcp_, 5s) && lab::receive(far_udp_, 5s) && lab::receive(tcp_, 5s) &&
               lab::receive(udp_, 5s);
    }
    // Both ends go on, and neither hears of the other.
    void expect_cut() const {
        lab::send_stream(tcp_, "still going up");
        lab::send_udp(udp_, server_, "still going up");
        expect_nothing_leaves({});
        lab::send_stream(far_tcp_, "still coming down");
        lab::send_udp(far_udp_, near_, "still coming down");
        EXPECT_TRUE(holding("still coming down", received_of({})).empty());
        for (const UniqueFd* socket : {&tcp_, &udp_, &far_tcp_, &far_udp_})
            EXPECT_FALSE(lab::receive(*socket, std::chrono::milliseconds(0)));
    }

  private:
    const Endpoint near_{client_address(), 9001};
    const Endpoint server_{server_address(), 9100};
    const UniqueFd listener_ = lab::listen_tcp(lab_.internet, server_);
    const UniqueFd udp_ = lab::bind_udp(lab_.client, near_);
    const UniqueFd far_udp_ = lab::bind_udp(lab_.internet, server_);
    UniqueFd tcp_;
    UniqueFd far_tcp_;
};

TEST_P(CutAttack, AConnectionFromBeforeTheSignOut) {
    run({"client", "deauthorize", kClientName});
    expect_cut();
}

TEST_P(CutAttack, AConnectionFromBeforeTheBlock) {
    run({"client", "block", kClientName});
    expect_cut();
}

TEST_P(CutAttack, AConnectionFromBeforeTheEndOfTheSession) {
    run({"client", "authorize", kClientName, "--timeout", "1s"});
    lab::await("the end of the session", [&] { return portald_.state(kClientName) == "stranger"; });
    expect_cut();
}

PORTAL_BOTH_FAMILIES(ConnectionAttack);
PORTAL_BOTH_FAMILIES(CutAttack);

}  // namespace
}  // namespace portal::system_test
