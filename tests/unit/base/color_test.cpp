#include "base/color.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

TEST(Color, ReadsAndShowsItself) {
    EXPECT_EQ(parse_color("#0B6e75"), (Color{0x0b, 0x6e, 0x75}));
    EXPECT_EQ((Color{0x0b, 0x6e, 0x75}).to_string(), "#0b6e75");
    for (const char* text : {"", "#", "0b6e75", "#0b6e7", "#0b6e755", "#fff", "#0b6e7g", "#-b6e75",
                             "teal", "#0b6e75;", " #0b6e75"})
        EXPECT_FALSE(parse_color(text)) << text;
}

TEST(Color, ContrastIsThatOfWcag) {
    EXPECT_NEAR(contrast(kBlack, kWhite), 21, 1e-9);
    EXPECT_NEAR(contrast(kWhite, kWhite), 1, 1e-9);
    // The well-known last grey that is readable on white, and the first that is not.
    EXPECT_GE(contrast({0x76, 0x76, 0x76}, kWhite), kReadableContrast);
    EXPECT_LT(contrast({0x77, 0x77, 0x77}, kWhite), kReadableContrast);
    EXPECT_NEAR(contrast({255, 0, 0}, kWhite), 3.998, 1e-3);
    EXPECT_EQ(contrast({1, 2, 3}, {200, 100, 50}), contrast({200, 100, 50}, {1, 2, 3}));
}

TEST(Color, Mixes) {
    EXPECT_EQ(mixed(kBlack, kWhite, 0), kBlack);
    EXPECT_EQ(mixed(kBlack, kWhite, 1), kWhite);
    EXPECT_EQ(mixed({10, 100, 200}, {20, 200, 100}, 0.5), (Color{15, 150, 150}));
}

}  // namespace
}  // namespace portal
