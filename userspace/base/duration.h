// Durations as operators write them: "90s", "30m", "8h", "7d", "1h30m".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal {

using Seconds = std::chrono::seconds;

// The longest duration accepted anywhere: ten years of 365 days. Within it, no sum of times in
// nanoseconds overflows.
inline constexpr Seconds kLongestDuration = std::chrono::hours(24 * 3650);

// One or more numbers each with a unit (s, m, h, d, w), largest first or not. "0" is zero.
// A sign, a missing unit, a fraction or more than kLongestDuration is ErrorCode::invalid.
Result<Seconds> parse_duration(std::string_view text);

// The shortest such text: "8h", "1h30m", "0".
std::string format_duration(Seconds duration);

}  // namespace portal
