// The token bucket, natively: what may be taken, and when.
#include "bucket.h"

#include <gtest/gtest.h>

namespace {

constexpr __u64 kCost = 10;
constexpr __u64 kBurst = 4 * kCost;  // five at once

int take_all(__u64& tat, __u64 now) {
    int taken = 0;
    while (taken < 100 && take(&tat, now, kCost, kBurst))
        taken++;
    return taken;
}

TEST(Bucket, IsFullAtFirst) {
    __u64 tat = 0;
    EXPECT_EQ(take_all(tat, 1'000'000), 5);
}

TEST(Bucket, FillsWithTime) {
    __u64 tat = 0;
    take_all(tat, 1000);
    EXPECT_EQ(take_all(tat, 1009), 0);
    EXPECT_EQ(take_all(tat, 1010), 1);
    EXPECT_EQ(take_all(tat, 1040), 3);
}

TEST(Bucket, HoldsNoMoreThanTheBurst) {
    __u64 tat = 0;
    take_all(tat, 1000);
    EXPECT_EQ(take_all(tat, 1'000'000'000), 5);
}

TEST(Bucket, RefusalCostsNothing) {
    __u64 tat = 0;
    take_all(tat, 1000);
    const __u64 before = tat;
    EXPECT_FALSE(take(&tat, 1000, kCost, kBurst));
    EXPECT_EQ(tat, before);
}

TEST(Bucket, AClockThatIsBehindTakesToo) {
    __u64 tat = 0;
    EXPECT_TRUE(take(&tat, 1000, kCost, kBurst));
    EXPECT_TRUE(take(&tat, 990, kCost, kBurst));
    EXPECT_EQ(tat, 1020U);
}

}  // namespace
