// Wall-clock times as the outside sees them.
#pragma once

#include <chrono>
#include <string>

namespace portal {

// Wall time, whole milliseconds since 1970 UTC. What is stored and shown; never what a verdict
// is decided on (that is CLOCK_MONOTONIC, see base/clock.h).
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

// RFC 3339 in UTC, whole seconds: "2026-01-31T08:00:00Z".
std::string format_rfc3339(WallTime time);

}  // namespace portal
