// The clock on the wall of the venue: TZ, or /etc/localtime.
#pragma once

#include <chrono>
#include <span>

#include "base/time.h"

namespace portal {

// Whole minutes since midnight. A changed /etc/localtime is seen.
std::chrono::minutes local_time_of_day(WallTime time);

// The first moment after `time` at which the local clock may come to show one of `times_of_day`, or
// is set for summer or winter before that: what depends on the time of day stays as it is until
// then. `times_of_day` is not empty.
WallTime next_local_change(WallTime time, std::span<const std::chrono::minutes> times_of_day);

}  // namespace portal
