#include "domain/attempt_limiter.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime kStart = 1000h;

ClientId client(unsigned number) {
    ClientId id;
    id.mac.bytes = {0x02,
                    0,
                    0,
                    static_cast<std::uint8_t>(number >> 16),
                    static_cast<std::uint8_t>(number >> 8),
                    static_cast<std::uint8_t>(number)};
    return id;
}

void fail_times(ClientAttemptLimiter& limiter, const ClientId& id, int times, MonotonicTime now) {
    for (int i = 0; i < times; ++i)
        limiter.count(id, now);
}

TEST(AttemptLimiter, LetsAStrangerTry) {
    const ClientAttemptLimiter limiter(3);
    EXPECT_EQ(limiter.retry_after(client(1), kStart), 0s);
}

TEST(AttemptLimiter, HoldsAtTheLimit) {
    ClientAttemptLimiter limiter(3);
    fail_times(limiter, client(1), 2, kStart);
    EXPECT_EQ(limiter.retry_after(client(1), kStart), 0s);
    limiter.count(client(1), kStart);
    EXPECT_GT(limiter.retry_after(client(1), kStart), 1h - 1s);
    EXPECT_LE(limiter.retry_after(client(1), kStart), 62min);
    EXPECT_EQ(limiter.retry_after(client(2), kStart), 0s);
}

TEST(AttemptLimiter, KeepsVlansApart) {
    ClientAttemptLimiter limiter(1);
    limiter.count({client(1).mac, 7}, kStart);
    EXPECT_EQ(limiter.retry_after({client(1).mac, 8}, kStart), 0s);
    EXPECT_GT(limiter.retry_after({client(1).mac, 7}, kStart), 0s);
}

TEST(AttemptLimiter, WaitingAsToldIsEnough) {
    for (const MonotonicTime offset : {0ns, 1ns, 1'000'000'000ns, 119'999'999'999ns}) {
        ClientAttemptLimiter limiter(2);
        const MonotonicTime now = kStart + offset;
        fail_times(limiter, client(1), 2, now);
        const Seconds wait = limiter.retry_after(client(1), now);
        EXPECT_GT(wait, 1h - 1s);
        EXPECT_GT(limiter.retry_after(client(1), now + wait - 1s), 0s);
        EXPECT_EQ(limiter.retry_after(client(1), now + wait), 0s);
    }
}

TEST(AttemptLimiter, SlidesFailureByFailure) {
    ClientAttemptLimiter limiter(2);
    limiter.count(client(1), kStart);
    limiter.count(client(1), kStart + 30min);
    EXPECT_EQ(limiter.retry_after(client(1), kStart + 30min), 32min);
    EXPECT_EQ(limiter.retry_after(client(1), kStart + 62min), 0s);
    // The second failure counts on, and one more is the limit again.
    limiter.count(client(1), kStart + 62min);
    EXPECT_EQ(limiter.retry_after(client(1), kStart + 62min), 30min);
}

TEST(AttemptLimiter, ForgetsAfterALongTime) {
    ClientAttemptLimiter limiter(1);
    limiter.count(client(1), kStart);
    EXPECT_EQ(limiter.retry_after(client(1), kStart + 10'000h), 0s);
    limiter.count(client(1), kStart + 10'000h);
    EXPECT_GT(limiter.retry_after(client(1), kStart + 10'000h), 0s);
}

TEST(AttemptLimiter, ASuccessTakesBackItsOwnAttemptAlone) {
    ClientAttemptLimiter limiter(2);
    limiter.count(client(1), kStart);
    limiter.count(client(1), kStart + 3min);
    limiter.take_back(client(1), kStart + 3min);
    EXPECT_EQ(limiter.retry_after(client(1), kStart + 3min), 0s);
    limiter.count(client(1), kStart + 3min);
    EXPECT_GT(limiter.retry_after(client(1), kStart + 3min), 0s);
}

TEST(AttemptLimiter, TakingBackTheLastLeavesNoRecord) {
    ClientAttemptLimiter limiter(2);
    limiter.count(client(1), kStart);
    limiter.take_back(client(1), kStart + 5min);
    EXPECT_EQ(limiter.size(), 0U);
    limiter.take_back(client(1), kStart + 5min);
    EXPECT_EQ(limiter.size(), 0U);
}

TEST(AttemptLimiter, ANewLimitHoldsAtOnce) {
    ClientAttemptLimiter limiter(10);
    fail_times(limiter, client(1), 5, kStart);
    limiter.set_limit(5);
    EXPECT_GT(limiter.retry_after(client(1), kStart), 0s);
    limiter.set_limit(6);
    EXPECT_EQ(limiter.retry_after(client(1), kStart), 0s);
}

TEST(AttemptLimiter, ThrowAwayAddressesDoNotEraseARecord) {
    ClientAttemptLimiter limiter(3, 100);
    fail_times(limiter, client(0), 3, kStart);
    for (unsigned i = 1; i <= 5000; ++i) {
        limiter.count(client(i), kStart + 1s * i / 100);
        ASSERT_LE(limiter.size(), 100U);
    }
    EXPECT_GT(limiter.retry_after(client(0), kStart + 50s), 0s);
}

TEST(AttemptLimiter, OfEqualRecordsTheOldestGivesWay) {
    ClientAttemptLimiter limiter(1, 2);
    limiter.count(client(1), kStart);
    limiter.count(client(2), kStart + 10min);
    limiter.count(client(3), kStart + 20min);
    EXPECT_EQ(limiter.retry_after(client(1), kStart + 20min), 0s);
    EXPECT_GT(limiter.retry_after(client(2), kStart + 20min), 0s);
    EXPECT_GT(limiter.retry_after(client(3), kStart + 20min), 0s);
}

TEST(AttemptLimiter, AnExpiredRecordGivesWayFirst) {
    ClientAttemptLimiter limiter(3, 2);
    fail_times(limiter, client(1), 3, kStart);
    limiter.count(client(2), kStart + 2h);
    limiter.count(client(3), kStart + 2h);
    limiter.set_limit(1);
    EXPECT_GT(limiter.retry_after(client(2), kStart + 2h), 0s);
    EXPECT_GT(limiter.retry_after(client(3), kStart + 2h), 0s);
}

}  // namespace
}  // namespace portal
