#include "base/text.h"

#include <cstdint>

namespace portal {

std::string printable(std::string_view text, std::size_t limit) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            out += c;
        } else {
            out += "\\x";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    if (text.size() > limit) out += "…";
    return out;
}

bool is_plain_text(std::string_view text) {
    while (!text.empty()) {
        const auto lead = static_cast<unsigned char>(text.front());
        // Trailing bytes, and the least code point that needs them: a longer form of a lesser one
        // is malformed.
        std::size_t trailing = 0;
        std::uint32_t least = 0;
        std::uint32_t point = lead;
        if (lead >= 0xf8) return false;
        if (lead >= 0xf0) {
            trailing = 3, least = 0x10000, point = lead & 0x07;
        } else if (lead >= 0xe0) {
            trailing = 2, least = 0x800, point = lead & 0x0f;
        } else if (lead >= 0xc0) {
            trailing = 1, least = 0x80, point = lead & 0x1f;
        } else if (lead >= 0x80) {
            return false;
        }
        if (text.size() <= trailing) return false;
        for (std::size_t i = 1; i <= trailing; ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            if ((byte & 0xc0) != 0x80) return false;
            point = (point << 6) | (byte & 0x3f);
        }
        const bool surrogate = point >= 0xd800 && point <= 0xdfff;
        const bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
        if (point < least || point > 0x10ffff || surrogate || control) return false;
        text.remove_prefix(trailing + 1);
    }
    return true;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace portal
