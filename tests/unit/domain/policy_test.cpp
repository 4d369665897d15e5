#include "domain/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace portal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

Hours during(std::string_view text) {
    return parse_hours(text).value();
}

VlanRange vlans(std::string_view text) {
    return parse_vlan_range(text).value();
}

TEST(VlanRange, IsOneOrSeveral) {
    EXPECT_EQ(vlans("100"), (VlanRange{100, 100}));
    EXPECT_EQ(vlans("200-299"), (VlanRange{200, 299}));
    EXPECT_EQ(vlans("0-4094"), (VlanRange{0, 4094}));
    for (const std::string_view text : {"0", "100", "200-299"})
        EXPECT_EQ(vlans(text).to_string(), text);
    EXPECT_EQ(vlans("7-7").to_string(), "7");
}

TEST(VlanRange, HasBothItsEnds) {
    const VlanRange range = vlans("200-299");
    EXPECT_FALSE(range.contains(199));
    EXPECT_TRUE(range.contains(200));
    EXPECT_TRUE(range.contains(299));
    EXPECT_FALSE(range.contains(300));
}

TEST(VlanRange, RefusesTheRest) {
    for (const std::string_view text :
         {"", "-", "a", "-1", "+1", "4095", "00001", "1-", "-2", "1-2-3", "1 - 2", "1,2", "300-200",
          "1-4095", "99999999999"}) {
        const auto range = parse_vlan_range(text);
        ASSERT_FALSE(range) << text;
        EXPECT_EQ(range.error().code, ErrorCode::invalid);
        EXPECT_FALSE(range.error().hint.empty());
    }
}

TEST(Hours, WithinADay) {
    const Hours office = during("09:00-17:30");
    EXPECT_FALSE(office.contains(hours(9) - minutes(1)));
    EXPECT_TRUE(office.contains(hours(9)));
    EXPECT_TRUE(office.contains(hours(17) + minutes(29)));
    EXPECT_FALSE(office.contains(hours(17) + minutes(30)));
    EXPECT_FALSE(office.contains(minutes(0)));
}

TEST(Hours, AcrossMidnight) {
    const Hours night = during("22:00-06:00");
    EXPECT_FALSE(night.contains(hours(22) - minutes(1)));
    EXPECT_TRUE(night.contains(hours(22)));
    EXPECT_TRUE(night.contains(hours(23) + minutes(59)));
    EXPECT_TRUE(night.contains(minutes(0)));
    EXPECT_TRUE(night.contains(hours(6) - minutes(1)));
    EXPECT_FALSE(night.contains(hours(6)));
}

TEST(Hours, UpToMidnight) {
    for (const std::string_view text : {"18:00-24:00", "18:00-00:00"}) {
        const Hours evening = during(text);
        EXPECT_EQ(evening.to_string(), "18:00-00:00");
        EXPECT_TRUE(evening.contains(hours(23) + minutes(59)));
        EXPECT_FALSE(evening.contains(minutes(0)));
    }
}

TEST(Hours, RefusesTheRest) {
    for (const std::string_view text :
         {"", "-", "22:00", "22:00-", "-06:00", "22-06", "22:00-6:00", "22:60-06:00", "24:01-06:00",
          "24:00-06:00", "22:00-25:00", "22:00 - 06:00", "22:00-06:00-07:00", "22.00-06.00",
          "-1:00-06:00"})
        EXPECT_FALSE(parse_hours(text)) << text;
    for (const std::string_view text : {"06:00-06:00", "00:00-24:00", "00:00-00:00"})
        EXPECT_THAT(parse_hours(text).error().what, HasSubstr("ends when it begins"));
}

TEST(Policy, WithoutConditionsAppliesAlways) {
    const Policy policy;
    EXPECT_TRUE(policy.admits(0));
    EXPECT_TRUE(policy.admits(kHighestVlan));
    EXPECT_TRUE(policy.holds_at(minutes(0)));
}

TEST(Policy, AppliesOnAnyOfItsVlans) {
    const Policy policy{.vlans = {vlans("100"), vlans("200-299")}};
    EXPECT_TRUE(policy.admits(100));
    EXPECT_TRUE(policy.admits(250));
    EXPECT_FALSE(policy.admits(0));
    EXPECT_FALSE(policy.admits(101));
}

class Choice : public testing::Test {
  protected:
    std::string choose(std::uint16_t vlan, TimeOfDay time,
                       std::vector<std::string> names = {"night", "floor", "free"}) const {
        return std::string(choose_policy(policies, names, vlan, time));
    }

    Policies policies = {{"default", {}},
                         {"night", {.hours = during("22:00-06:00")}},
                         {"floor", {.vlans = {vlans("200-299")}}},
                         {"free", {}}};
};

TEST_F(Choice, IsTheFirstThatApplies) {
    EXPECT_EQ(choose(250, hours(23)), "night");
    EXPECT_EQ(choose(250, hours(12)), "floor");
    EXPECT_EQ(choose(0, hours(12)), "free");
}

TEST_F(Choice, IsTheDefaultWhereNoneApplies) {
    EXPECT_EQ(choose(0, hours(12), {"night", "floor"}), "default");
    EXPECT_EQ(choose(0, hours(12), {}), "default");
}

TEST_F(Choice, PassesOverWhatIsNotThere) {
    EXPECT_EQ(choose(0, hours(12), {"gone", "free"}), "free");
}

TEST_F(Choice, TakesBothConditionsTogether) {
    policies["night"].vlans = {vlans("7")};
    EXPECT_EQ(choose(7, hours(23)), "night");
    EXPECT_EQ(choose(8, hours(23)), "free");
    EXPECT_EQ(choose(7, hours(21)), "free");
}

}  // namespace
}  // namespace portal
