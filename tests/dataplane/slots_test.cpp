#include "dataplane/slots.h"

#include <gtest/gtest.h>

#include <set>

namespace portal::dataplane {
namespace {

using std::chrono::seconds;

TEST(Slots, GivesEachOutOnce) {
    Slots slots(3);
    std::set<std::uint32_t> taken;
    for (int i = 0; i < 3; ++i)
        taken.insert(slots.take(seconds(0)).value());
    EXPECT_EQ(taken, (std::set<std::uint32_t>{0, 1, 2}));
    EXPECT_FALSE(slots.take(seconds(0)));
}

TEST(Slots, PassesOverHeldOnes) {
    Slots slots(3);
    EXPECT_TRUE(slots.hold(0));
    EXPECT_TRUE(slots.hold(2));
    EXPECT_FALSE(slots.hold(2));
    EXPECT_FALSE(slots.hold(3));
    EXPECT_EQ(slots.take(seconds(0)), 1U);
    EXPECT_FALSE(slots.take(seconds(0)));
}

TEST(Slots, PrefersFreshAndRestedOnes) {
    Slots slots(3);
    ASSERT_EQ(slots.take(seconds(0)), 0U);
    slots.give_back(0, seconds(10));
    EXPECT_EQ(slots.take(seconds(10)), 1U) << "0 still rests";
    EXPECT_EQ(slots.take(seconds(11)), 0U) << "0 has rested";
    EXPECT_EQ(slots.take(seconds(11)), 2U);
}

TEST(Slots, RefusesNobodyForRest) {
    Slots slots(1);
    ASSERT_EQ(slots.take(seconds(0)), 0U);
    slots.give_back(0, seconds(0));
    EXPECT_EQ(slots.take(seconds(0)), 0U);
}

TEST(Slots, GivingBackTwiceIsOnce) {
    Slots slots(2);
    ASSERT_EQ(slots.take(seconds(0)), 0U);
    slots.give_back(0, seconds(0));
    slots.give_back(0, seconds(0));
    slots.give_back(7, seconds(0));
    EXPECT_TRUE(slots.take(seconds(5)));
    EXPECT_TRUE(slots.take(seconds(5)));
    EXPECT_FALSE(slots.take(seconds(5)));
}

}  // namespace
}  // namespace portal::dataplane
