#include "base/color.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace portal {

namespace {

// WCAG 2.2, "relative luminance".
double linear(std::uint8_t channel) {
    const double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const Color& color) {
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::uint8_t channel(std::string_view digits) {
    std::uint8_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

}  // namespace

std::string Color::to_string() const {
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "#";
    for (const std::uint8_t value : {red, green, blue}) {
        text += digits[value >> 4];
        text += digits[value & 15];
    }
    return text;
}

Result<Color> parse_color(std::string_view text) {
    if (text.size() != 7 || text[0] != '#' || !std::ranges::all_of(text.substr(1), is_hex))
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not a colour");
    return Color{channel(text.substr(1, 2)), channel(text.substr(3, 2)),
                 channel(text.substr(5, 2))};
}

double contrast(const Color& one, const Color& other) {
    const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
    return (lighter + 0.05) / (darker + 0.05);
}

Color mixed(const Color& color, const Color& other, double share) {
    const auto mix = [share](std::uint8_t a, std::uint8_t b) {
        return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
    };
    return {mix(color.red, other.red), mix(color.green, other.green), mix(color.blue, other.blue)};
}

}  // namespace portal
