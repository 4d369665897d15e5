#include "base/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace portal {

namespace {

constexpr std::array<std::pair<char, std::int64_t>, 5> kUnits = {
    {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

}  // namespace

Result<Seconds> parse_duration(std::string_view text) {
    const auto malformed = [&] {
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not a duration",
                    "write a number and a unit, such as 90s, 30m, 8h or 7d");
    };
    const auto too_long = [&] {
        return fail(ErrorCode::invalid,
                    "\"" + printable(text) + "\" is longer than " +
                        format_duration(kLongestDuration),
                    "choose a shorter time");
    };
    if (text == "0") return Seconds::zero();
    if (text.empty()) return malformed();
    std::int64_t total = 0;
    while (!text.empty()) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc::result_out_of_range) return too_long();
        if (error != std::errc{} || end == text.data() + text.size()) return malformed();
        std::int64_t unit = 0;
        for (const auto& [letter, seconds] : kUnits)
            if (*end == letter) unit = seconds;
        if (unit == 0) return malformed();
        if (number > static_cast<std::uint64_t>(kLongestDuration.count() / unit)) return too_long();
        total += static_cast<std::int64_t>(number) * unit;
        if (total > kLongestDuration.count()) return too_long();
        text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    }
    return Seconds(total);
}

std::string format_duration(Seconds duration) {
    std::int64_t rest = duration.count();
    if (rest == 0) return "0";
    std::string text;
    if (rest < 0) {
        text = "-";
        rest = -rest;
    }
    for (const auto& [letter, seconds] : kUnits) {
        if (letter == 'w') continue;
        if (const std::int64_t count = rest / seconds; count != 0) {
            text += std::to_string(count) + letter;
            rest %= seconds;
        }
    }
    return text;
}

}  // namespace portal
