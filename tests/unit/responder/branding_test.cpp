#include "responder/branding.h"

#include <gmock/gmock.h>

#include <regex>

namespace portal::responder {
namespace {

using testing::HasSubstr;

// The colour of the variable's only mention in `css`.
Color variable(const std::string& css, const std::string& name) {
    const std::string before = "--" + name + ":";
    const std::size_t at = css.find(before);
    EXPECT_NE(at, std::string::npos) << name << " in " << css;
    return parse_color(css.substr(at + before.size(), 7)).value();
}

TEST(Branding, WhateverTheAccentTextCanBeRead) {
    constexpr Color kDarkCard{0x18, 0x23, 0x2b};
    for (int red = 0; red <= 255; red += 15)
        for (int green = 0; green <= 255; green += 15)
            for (int blue = 0; blue <= 255; blue += 15) {
                const Color accent{static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green),
                                   static_cast<std::uint8_t>(blue)};
                if (contrast(accent, kWhite) < kReadableContrast) continue;
                const std::string css = accent_style(accent);
                const std::size_t dark = css.find("@media");
                ASSERT_NE(dark, std::string::npos);
                for (const std::string& part : {css.substr(0, dark), css.substr(dark)})
                    for (const char* ground : {"accent", "accent-strong"})
                        EXPECT_GE(contrast(variable(part, ground), variable(part, "on-accent")),
                                  kReadableContrast)
                            << accent.to_string() << " " << part;
                EXPECT_GE(contrast(variable(css.substr(dark), "accent"), kDarkCard),
                          kReadableContrast)
                    << accent.to_string();
                // Text stands on the glow of both.
                EXPECT_GE(contrast(variable(css.substr(0, dark), "glow"), {0x4c, 0x5d, 0x69}),
                          kReadableContrast)
                    << accent.to_string();
                EXPECT_GE(contrast(variable(css.substr(dark), "glow"), {0xa9, 0xba, 0xc4}),
                          kReadableContrast)
                    << accent.to_string();
            }
}

}  // namespace
}  // namespace portal::responder
