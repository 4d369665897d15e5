// Who gets how much, for how long, and on which conditions: what a [policies.NAME] of the
// configuration says, and which of several is taken.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "domain/limits.h"

namespace portal {

// The policy that always is there, and takes whoever no other does.
inline constexpr std::string_view kDefaultPolicy = "default";

inline constexpr std::uint16_t kHighestVlan = 4094;

// Whole minutes since midnight by the clock on the wall, less than a day.
using TimeOfDay = std::chrono::minutes;

struct VlanRange {
    std::uint16_t first = 0;  // 0: untagged
    std::uint16_t last = 0;   // of the range

    bool contains(std::uint16_t vlan) const { return first <= vlan && vlan <= last; }
    // "100", or "200-299".
    std::string to_string() const;

    bool operator==(const VlanRange&) const = default;
};

// The form of to_string().
Result<VlanRange> parse_vlan_range(std::string_view text);

// A part of each day. It ends on the next one where `to` is not after `from`.
struct Hours {
    TimeOfDay from{0};
    TimeOfDay to{0};  // the first minute that is not in it; never `from`

    bool contains(TimeOfDay time) const;
    // "22:00-06:00"
    std::string to_string() const;

    bool operator==(const Hours&) const = default;
};

// The form of to_string(); the end may be "24:00", which is midnight.
Result<Hours> parse_hours(std::string_view text);

struct Policy {
    Limits limits = {};
    std::optional<Seconds> timeout = {};       // none: as [session] has it
    std::optional<Seconds> idle_timeout = {};  // likewise; 0: no idle timeout
    std::uint32_t devices = 0;                 // of one user at once; 0: any number
    std::vector<VlanRange> vlans = {};         // empty: any
    std::optional<Hours> hours = {};           // none: all day

    bool admits(std::uint16_t vlan) const;
    bool holds_at(TimeOfDay time) const { return !hours || hours->contains(time); }

    bool operator==(const Policy&) const = default;
};

// By name; kDefaultPolicy is always there.
using Policies = std::map<std::string, Policy, std::less<>>;

// The first of `names` that is in `policies` and applies on this VLAN at this time; where none
// does, kDefaultPolicy. The text is `names`' own.
std::string_view choose_policy(const Policies& policies, std::span<const std::string> names,
                               std::uint16_t vlan, TimeOfDay time);

}  // namespace portal
