#include "base/mac.h"

#include <charconv>

#include "base/text.h"

namespace portal {

std::string Mac::to_string() const {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(17);
    for (const std::uint8_t byte : bytes) {
        if (!text.empty()) text += ':';
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Result<Mac> parse_mac(std::string_view text) {
    const auto malformed = [&] {
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not a MAC address",
                    "write six pairs of hex digits, such as 02:00:00:00:00:01");
    };
    Mac mac;
    if (text.size() != 17) return malformed();
    const char separator = text[2];
    if (separator != ':' && separator != '-') return malformed();
    for (std::size_t i = 0; i < 6; ++i) {
        const char* pair = text.data() + 3 * i;
        const auto [end, error] = std::from_chars(pair, pair + 2, mac.bytes[i], 16);
        if (error != std::errc{} || end != pair + 2) return malformed();
        if (i < 5 && pair[2] != separator) return malformed();
    }
    return mac;
}

}  // namespace portal
