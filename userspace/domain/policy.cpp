#include "domain/policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "base/text.h"

namespace portal {

namespace {

constexpr TimeOfDay kDay = std::chrono::hours(24);

// A number of digits alone, from one to `most_digits` of them.
std::optional<unsigned> whole_number(std::string_view text, std::size_t most_digits) {
    unsigned number = 0;
    const char* end = text.data() + text.size();
    if (text.empty() || text.size() > most_digits) return std::nullopt;
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return number;
}

std::optional<std::uint16_t> vlan_of(std::string_view text) {
    const auto number = whole_number(text, 4);
    if (!number || *number > kHighestVlan) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

// "HH:MM" up to "24:00".
std::optional<TimeOfDay> time_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = whole_number(text.substr(0, 2), 2);
    const auto minute = whole_number(text.substr(3), 2);
    if (!hour || !minute || *minute > 59) return std::nullopt;
    const TimeOfDay time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
    if (time > kDay) return std::nullopt;
    return time;
}

std::string shown(TimeOfDay time) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(time.count() / 60 % 24),
                  static_cast<int>(time.count() % 60));
    return text.data();
}

}  // namespace

std::string VlanRange::to_string() const {
    return first == last ? std::to_string(first)
                         : std::to_string(first) + "-" + std::to_string(last);
}

Result<VlanRange> parse_vlan_range(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = vlan_of(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : vlan_of(text.substr(dash + 1));
    if (!first || !last)
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not a VLAN or a range",
                    "write 0 to 4094, such as 100 or 200-299; 0 is untagged");
    if (*first > *last)
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" ends before it begins",
                    "write the lower VLAN first");
    return VlanRange{*first, *last};
}

bool Hours::contains(TimeOfDay time) const {
    if (from < to) return from <= time && time < to;
    return from <= time || time < to;
}

std::string Hours::to_string() const {
    return shown(from) + "-" + shown(to);
}

Result<Hours> parse_hours(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto from = time_of(text.substr(0, dash));
    const auto to = dash == std::string_view::npos ? std::nullopt : time_of(text.substr(dash + 1));
    if (!from || !to || *from == kDay)
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not a time of day",
                    "write two times from 00:00 to 24:00, such as 22:00-06:00");
    const Hours hours{*from, *to % kDay};
    if (hours.from == hours.to)
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" ends when it begins",
                    "leave it out for all day");
    return hours;
}

bool Policy::admits(std::uint16_t vlan) const {
    return vlans.empty() || std::ranges::any_of(vlans, [vlan](const VlanRange& range) {
               return range.contains(vlan);
           });
}

std::string_view choose_policy(const Policies& policies, std::span<const std::string> names,
                               std::uint16_t vlan, TimeOfDay time) {
    for (const std::string& name : names) {
        const auto policy = policies.find(name);
        if (policy != policies.end() && policy->second.admits(vlan) &&
            policy->second.holds_at(time))
            return name;
    }
    return kDefaultPolicy;
}

}  // namespace portal
