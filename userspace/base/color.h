// An opaque sRGB colour, and whether text on it can be read (WCAG 2.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal {

struct Color {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    bool operator==(const Color&) const = default;

    // "#0b6e75"
    std::string to_string() const;
};

inline constexpr Color kBlack{0, 0, 0};
inline constexpr Color kWhite{255, 255, 255};

// The least contrast of text and its background (WCAG 2.2, success criterion 1.4.3).
inline constexpr double kReadableContrast = 4.5;

// '#' and six hex digits; anything else is ErrorCode::invalid.
Result<Color> parse_color(std::string_view text);

// The contrast ratio, from 1 to 21. The order does not matter.
double contrast(const Color& one, const Color& other);

// `color` with `share` (0 to 1) of `other` in it.
Color mixed(const Color& color, const Color& other, double share);

}  // namespace portal
