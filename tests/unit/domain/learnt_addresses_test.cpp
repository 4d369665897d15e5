#include "domain/learnt_addresses.h"

#include <gmock/gmock.h>

namespace portal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

GardenName name(std::string_view text) {
    return parse_garden_name(text).value();
}
IpAddress address(std::size_t number) {
    IpAddress result = parse_ip_address("2001:db8::").value();
    result.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    result.bytes[15] = static_cast<std::uint8_t>(number);
    return result;
}

class LearntAddressesTest : public testing::Test {
  protected:
    LearntAddresses::Changed learn(const GardenName& who, std::size_t number, seconds until) {
        const IpAddress where = address(number);
        return learnt_.learn(who, {&where, 1}, until);
    }

    const GardenName pay_ = name("pay.example.com");
    const GardenName all_ = name("*.example.org");
    LearntAddresses learnt_;
};

TEST_F(LearntAddressesTest, LapseWhenTheirTimeIsOver) {
    EXPECT_THAT(learn(pay_, 1, seconds(10)), ElementsAre(address(1)));
    EXPECT_THAT(learn(pay_, 2, seconds(20)), ElementsAre(address(2)));
    EXPECT_THAT(learnt_.lapse(seconds(9)), IsEmpty());
    EXPECT_THAT(learnt_.lapse(seconds(10)), ElementsAre(address(1)));
    EXPECT_THAT(learnt_.names_of(address(1)), IsEmpty());
    EXPECT_EQ(learnt_.size(), 1U);
}

TEST_F(LearntAddressesTest, AnAnswerMakesItLongerNeverShorter) {
    learn(pay_, 1, seconds(10));
    EXPECT_THAT(learn(pay_, 1, seconds(30)), ElementsAre(address(1)));
    EXPECT_THAT(learn(pay_, 1, seconds(20)), IsEmpty());
    EXPECT_THAT(learnt_.lapse(seconds(29)), IsEmpty());
    EXPECT_THAT(learnt_.lapse(seconds(30)), ElementsAre(address(1)));
}

TEST_F(LearntAddressesTest, TwoNamesMayLeadToOneAddress) {
    learn(pay_, 1, seconds(10));
    EXPECT_THAT(learn(all_, 1, seconds(20)), ElementsAre(address(1)));
    EXPECT_EQ(learnt_.names_of(address(1)).size(), 2U);
    EXPECT_THAT(learnt_.lapse(seconds(10)), ElementsAre(address(1)));
    EXPECT_EQ(learnt_.names_of(address(1)).size(), 1U);
    EXPECT_THAT(learnt_.keep({pay_}), ElementsAre(address(1)));
    EXPECT_EQ(learnt_.size(), 0U);
}

TEST_F(LearntAddressesTest, AFullNameLosesItsOwnFirstToLapse) {
    learn(pay_, 0xffff, seconds(1));
    for (std::size_t i = 0; i < LearntAddresses::kMostOfName; ++i)
        learn(all_, i, seconds(100 + static_cast<int>(i)));
    EXPECT_THAT(learn(all_, 1000, seconds(50)), UnorderedElementsAre(address(0), address(1000)));
    EXPECT_EQ(learnt_.addresses_of(all_).size(), LearntAddresses::kMostOfName);
    EXPECT_EQ(learnt_.addresses_of(pay_).size(), 1U);
}

TEST_F(LearntAddressesTest, WhenAllIsFullTheLargestMakesRoom) {
    std::size_t number = 0;
    for (std::size_t i = 0; learnt_.size() < LearntAddresses::kMost; ++i) {
        const GardenName each = name("*.n" + std::to_string(i) + ".example");
        for (std::size_t j = 0; j < LearntAddresses::kMostOfName - 1; ++j)
            if (learnt_.size() < LearntAddresses::kMost) learn(each, number++, seconds(100));
    }
    learn(pay_, 0xffff, seconds(1));
    learn(pay_, 0xfffe, seconds(1));
    EXPECT_EQ(learnt_.size(), LearntAddresses::kMost);
    EXPECT_EQ(learnt_.addresses_of(pay_).size(), 2U);
}

}  // namespace
}  // namespace portal
