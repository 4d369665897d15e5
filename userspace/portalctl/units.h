// Numbers and times as people read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "base/time.h"

namespace portal::portalctl {

// "0 B", "999 B", "1.5 KiB", "20 MiB": 1024 to the step (IEC 80000-13).
std::string human_bytes(std::uint64_t bytes);

// The two largest units of a duration: "7h59m", "2d", "0s".
std::string human_duration(Seconds duration);

// Thousandths upward of a nanosecond: "850 ns", "1.2 us", "34 ms", "5.1 s".
std::string human_nanoseconds(double nanoseconds);

// An RFC 3339 time in UTC ("Z"), such as the API's; fractions of a second are dropped.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace portal::portalctl
