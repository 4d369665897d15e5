#include "base/mac.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

TEST(Mac, ParsesColonsAndHyphensInEitherCase) {
    const Mac expected{{0x02, 0xab, 0xcd, 0xef, 0x00, 0x0f}};
    EXPECT_EQ(parse_mac("02:ab:cd:ef:00:0f").value(), expected);
    EXPECT_EQ(parse_mac("02-AB-CD-EF-00-0F").value(), expected);
    EXPECT_EQ(expected.to_string(), "02:ab:cd:ef:00:0f");
}

TEST(Mac, RefusesAnythingElse) {
    for (const std::string_view text :
         {"", "02", "02:ab:cd:ef:00", "02:ab:cd:ef:00:0f:11", "02:ab:cd:ef:00:0",
          "02:ab:cd:ef:00:0g", "02:ab-cd:ef:00:0f", "02.ab.cd.ef.00.0f", "02abcdef000f",
          " 02:ab:cd:ef:00:0f", "02:ab:cd:ef:00:0f ", "+2:ab:cd:ef:00:0f", "-2:ab:cd:ef:00:0f",
          "0x:ab:cd:ef:00:0f", "2 :ab:cd:ef:00:0f"}) {
        const auto mac = parse_mac(text);
        ASSERT_FALSE(mac) << text;
        EXPECT_EQ(mac.error().code, ErrorCode::invalid);
        EXPECT_FALSE(mac.error().hint.empty());
    }
    EXPECT_FALSE(parse_mac(std::string_view("02:ab:cd:ef:00:\0f", 17)));
}

TEST(Mac, ErrorShowsHostileTextHarmlessly) {
    EXPECT_EQ(parse_mac("\x1b[31m").error().what, "\"\\x1b[31m\" is not a MAC address");
}

TEST(Mac, KnowsGroupAndZero) {
    EXPECT_TRUE(parse_mac("01:00:5e:00:00:01").value().is_multicast());
    EXPECT_TRUE(parse_mac("ff:ff:ff:ff:ff:ff").value().is_multicast());
    EXPECT_FALSE(parse_mac("02:00:00:00:00:01").value().is_multicast());
    EXPECT_TRUE(Mac{}.is_zero());
    EXPECT_FALSE(parse_mac("00:00:00:00:00:01").value().is_zero());
}

}  // namespace
}  // namespace portal
