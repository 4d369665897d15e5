#include <gmock/gmock.h>

#include <algorithm>

#include "unit/store/contract/backend.h"

namespace portal::store {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

GardenRule rule(std::string_view text) {
    return parse_garden_rule(text).value();
}

TEST_P(GardenStoreContract, StartsEmpty) {
    EXPECT_THAT(garden().list().value(), IsEmpty());
}

TEST_P(GardenStoreContract, KeepsRulesInTheirOrder) {
    std::vector<GardenRule> rules;
    for (const std::string_view text :
         {"203.0.113.0/24", "203.0.113.0/24:443", "203.0.113.0/24:443/udp", "203.0.113.0/24:80",
          "203.0.113.7", "0.0.0.0/0:123/udp", "2001:db8::/32", "[2001:db8::1]:65535",
          "pay.example.com:443", "pay.example.com", "*.example.com", "*.example.com:443/udp",
          "3com.example"})
        rules.push_back(rule(text));
    for (const GardenRule& each : rules)
        ASSERT_TRUE(garden().add(each)) << each.to_string();
    std::ranges::sort(rules);
    reopen();
    EXPECT_THAT(garden().list().value(), ElementsAreArray(rules));
}

TEST_P(GardenStoreContract, ARuleIsThereOnce) {
    ASSERT_TRUE(garden().add(rule("203.0.113.0/24")));
    EXPECT_EQ(garden().add(rule("203.0.113.0/24")).error().code, ErrorCode::conflict);
    EXPECT_THAT(garden().list().value(), ElementsAre(rule("203.0.113.0/24")));
}

TEST_P(GardenStoreContract, ErasesTheOneRule) {
    ASSERT_TRUE(garden().add(rule("203.0.113.7:443")));
    ASSERT_TRUE(garden().add(rule("203.0.113.7:443/udp")));
    ASSERT_TRUE(garden().add(rule("203.0.113.7")));
    EXPECT_TRUE(garden().erase(rule("203.0.113.7:443")));
    EXPECT_EQ(garden().erase(rule("203.0.113.7:443")).error().code, ErrorCode::not_found);
    reopen();
    EXPECT_THAT(garden().list().value(),
                ElementsAre(rule("203.0.113.7"), rule("203.0.113.7:443/udp")));
}

}  // namespace
}  // namespace portal::store
