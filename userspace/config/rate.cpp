#include "config/rate.h"

#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

#include "base/text.h"

namespace portal::config {

namespace {

using Unit = std::pair<std::string_view, std::uint64_t>;

// Largest first, so that formatting takes the largest that divides.
constexpr std::array<Unit, 4> kRateUnits = {
    {{"Gbit", 1'000'000'000}, {"Mbit", 1'000'000}, {"kbit", 1'000}, {"bit", 1}}};
constexpr std::array<Unit, 5> kSizeUnits = {
    {{"TB", 1'000'000'000'000}, {"GB", 1'000'000'000}, {"MB", 1'000'000}, {"kB", 1'000}, {"B", 1}}};

constexpr std::uint64_t kHighestRate = 1'000'000'000'000;
constexpr std::uint64_t kLargestSize = 1'000'000'000'000'000;
constexpr std::uint32_t kLargestBudget = 10'000'000;

Result<std::uint64_t> parse(std::string_view text, std::span<const Unit> units,
                            std::uint64_t largest, std::string_view thing, std::string_view hint) {
    if (text == "0") return 0;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, text.data() + text.size());
    for (const auto& [name, factor] : units) {
        if (unit != name) continue;
        if (error == std::errc::result_out_of_range || number > largest / factor)
            return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is too large",
                        std::string(hint));
        if (error == std::errc{}) return number * factor;
    }
    return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not " + std::string(thing),
                std::string(hint));
}

// A number of a budget at the front of `text`, taken off it; none when there is no valid one.
std::optional<std::uint32_t> take_number(std::string_view& text) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number == 0 || number > kLargestBudget) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::string format(std::uint64_t number, std::span<const Unit> units) {
    if (number == 0) return "0";
    for (const auto& [name, factor] : units)
        if (number % factor == 0) return std::to_string(number / factor) + std::string(name);
    std::unreachable();
}

}  // namespace

Result<std::uint64_t> parse_rate(std::string_view text) {
    return parse(text, kRateUnits, kHighestRate, "a rate",
                 "write a whole number and bit, kbit, Mbit or Gbit, such as 20Mbit");
}

std::string format_rate(std::uint64_t bits_per_second) {
    return format(bits_per_second, kRateUnits);
}

Result<std::uint64_t> parse_byte_size(std::string_view text) {
    return parse(text, kSizeUnits, kLargestSize, "an amount of data",
                 "write a whole number and B, kB, MB, GB or TB, such as 5GB");
}

std::string format_byte_size(std::uint64_t bytes) {
    return format(bytes, kSizeUnits);
}

Result<Budget> parse_budget(std::string_view text) {
    constexpr std::string_view between = "/s burst ";
    if (text == "0") return Budget{};
    std::string_view rest = text;
    const auto rate = take_number(rest);
    if (rate && rest.starts_with(between)) {
        rest.remove_prefix(between.size());
        const auto burst = take_number(rest);
        if (burst && rest.empty()) return Budget{*rate, *burst};
    }
    return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not a budget",
                "write how many a second and how many at once, from 1 to 10000000, such as "
                "10/s burst 100");
}

std::string format_budget(const Budget& budget) {
    if (budget.rate == 0) return "0";
    return std::to_string(budget.rate) + "/s burst " + std::to_string(budget.burst);
}

}  // namespace portal::config
