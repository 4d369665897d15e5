// The end of a session: the rule to the nanosecond, compiled for this machine, and the same rule
// at work in the program.
#include <gtest/gtest.h>

#include <limits>

#include "bpf/gate.h"
#include "bpf/native_parser.h"

namespace portal::gate {
namespace {

using namespace packets;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kTime = 1'000 * kSecond;

client session(std::uint64_t expires_at, std::uint32_t idle_timeout = 0,
               std::uint64_t last_seen = 0) {
    client value{};
    value.expires_at = expires_at;
    value.last_seen = last_seen;
    value.idle_timeout = idle_timeout;
    value.state = CLIENT_AUTHORIZED;
    return value;
}

bool alive(const client& value, std::uint64_t at) {
    return native_client_alive(&value, at);
}

TEST(Expiry, IsAtTheNanosecond) {
    EXPECT_TRUE(alive(session(kTime), kTime - 1));
    EXPECT_FALSE(alive(session(kTime), kTime));
    EXPECT_FALSE(alive(session(kTime), kTime + 1));
}

TEST(Expiry, ZeroIsNever) {
    EXPECT_TRUE(alive(session(0), 0));
    EXPECT_TRUE(alive(session(0), std::numeric_limits<std::uint64_t>::max()));
}

TEST(Expiry, IdleIsAtTheNanosecond) {
    const client value = session(0, 30, kTime);
    EXPECT_TRUE(alive(value, kTime));
    EXPECT_TRUE(alive(value, kTime + 30 * kSecond - 1));
    EXPECT_FALSE(alive(value, kTime + 30 * kSecond));
    EXPECT_FALSE(alive(value, kTime + 30 * kSecond + 1));
}

TEST(Expiry, TheLongestIdleTimeoutDoesNotWrap) {
    const client value = session(0, std::numeric_limits<std::uint32_t>::max(), kTime);
    EXPECT_TRUE(alive(value, kTime + 4'294'967'295 * kSecond - 1));
    EXPECT_FALSE(alive(value, kTime + 4'294'967'295 * kSecond));
}

TEST(Expiry, AFrameSeenInTheFutureIsNotIdle) {
    EXPECT_TRUE(alive(session(0, 1, kTime + kSecond), kTime));
}

TEST(Expiry, EitherEndsIt) {
    EXPECT_FALSE(alive(session(kTime, 30, kTime), kTime));
    EXPECT_FALSE(alive(session(kTime + 60 * kSecond, 30, kTime), kTime + 30 * kSecond));
    EXPECT_TRUE(alive(session(kTime + 60 * kSecond, 30, kTime), kTime + 29 * kSecond));
}

class ExpiryInTheProgram : public testing::Test {
  protected:
    int up(const client& value) {
        gate_.put(key_of(kClientMac), value);
        return gate_.ingress(Ethernet{} / IPv4{} / TCP{.dport = 443}).reason;
    }
    int down(const client& value) {
        gate_.put(key_of(kClientMac), value);
        return gate_
            .egress(Ethernet{.src = kGatewayMac, .dst = kClientMac} /
                    IPv4{.src = kServer4, .dst = kClient4} / TCP{.sport = 443, .flags = kAck})
            .reason;
    }
    Gate gate_;
};

TEST_F(ExpiryInTheProgram, FarOffIsNotYet) {
    EXPECT_EQ(up(session(now() + 3600 * kSecond)), REASON_AUTHORIZED);
    EXPECT_EQ(down(session(now() + 3600 * kSecond)), REASON_TX_AUTHORIZED);
}

TEST_F(ExpiryInTheProgram, PastIsAStranger) {
    EXPECT_EQ(up(session(now())), REASON_HTTPS);
    EXPECT_EQ(up(session(1)), REASON_HTTPS);
    EXPECT_EQ(down(session(now())), REASON_TX_STRANGER);
}

TEST_F(ExpiryInTheProgram, IdleIsAStranger) {
    EXPECT_EQ(up(session(0, 3600, now())), REASON_AUTHORIZED);
    EXPECT_EQ(up(session(0, 1, now() - 2 * kSecond)), REASON_HTTPS);
    EXPECT_EQ(down(session(0, 1, now() - 2 * kSecond)), REASON_TX_STRANGER);
}

// The frame that comes too late must not bring the session back.
TEST_F(ExpiryInTheProgram, ALateFrameDoesNotRevive) {
    const std::uint64_t old = now() - 2 * kSecond;
    EXPECT_EQ(up(session(0, 1, old)), REASON_HTTPS);
    EXPECT_EQ(gate_.find(key_of(kClientMac))->last_seen, old);
}

// A block has no end unless it is given one.
TEST_F(ExpiryInTheProgram, ABlockExpiresLikeASession) {
    client blocked = session(1);
    blocked.state = CLIENT_BLOCKED;
    EXPECT_EQ(up(blocked), REASON_HTTPS);
    blocked.expires_at = 0;
    EXPECT_EQ(up(blocked), REASON_BLOCKED);
}

}  // namespace
}  // namespace portal::gate
