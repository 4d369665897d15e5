// Sums of the dataplane's per-CPU maps. Functions throw std::system_error.
#pragma once

#include <array>
#include <cstdint>

#include "portal_abi.h"

namespace portal::gate {

using Verdicts = std::array<verdict_count, REASON_COUNT>;

// `map` is the fd of `verdicts`.
Verdicts read_verdicts(int map);

// `map` is the fd of `traffic`.
traffic read_traffic(int map, std::uint32_t slot);

// "blocked" for REASON_BLOCKED; for a number that is none, "none".
const char* name_of(int reason);

// Whether a verdict of this reason lets the frame pass.
bool is_pass(int reason);

}  // namespace portal::gate
