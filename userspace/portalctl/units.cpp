#include "portalctl/units.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <span>

namespace portal::portalctl {

namespace {

// `value` in the largest of `units` it is at least 1 of, with a decimal below 10.
std::string scaled(double value, double step, std::span<const std::string_view> units) {
    std::size_t unit = 0;
    while (value >= step && unit + 1 < units.size()) {
        value /= step;
        ++unit;
    }
    char number[32];
    const bool decimal = unit > 0 && value < 9.95;
    std::snprintf(number, sizeof number, decimal ? "%.1f" : "%.0f", value);
    return std::string(number) + " " + std::string(units[unit]);
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.starts_with('-'))
        return std::nullopt;
    return value;
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
    static constexpr std::array<std::string_view, 7> kUnits = {"B",   "KiB", "MiB", "GiB",
                                                               "TiB", "PiB", "EiB"};
    return scaled(static_cast<double>(bytes), 1024, kUnits);
}

std::string human_nanoseconds(double nanoseconds) {
    static constexpr std::array<std::string_view, 4> kUnits = {"ns", "us", "ms", "s"};
    return scaled(nanoseconds, 1000, kUnits);
}

std::string human_duration(Seconds duration) {
    static constexpr std::array<Seconds, 3> kUnits = {std::chrono::hours(24), std::chrono::hours(1),
                                                      std::chrono::minutes(1)};
    if (duration <= Seconds::zero()) return "0s";
    // Of 2d3h4m5s, what is below the second unit goes.
    for (std::size_t i = 0; i + 1 < kUnits.size(); ++i) {
        if (duration < kUnits[i]) continue;
        return format_duration(duration - duration % kUnits[i + 1]);
    }
    return format_duration(duration);
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
    // 2026-01-31T08:00:00Z
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T') ||
        text[13] != ':' || text[16] != ':' || !text.ends_with('Z'))
        return std::nullopt;
    const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)),
               day = number(text.substr(8, 2)), hour = number(text.substr(11, 2)),
               minute = number(text.substr(14, 2)), second = number(text.substr(17, 2));
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

}  // namespace portal::portalctl
