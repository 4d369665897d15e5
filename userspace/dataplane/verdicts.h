// The verdict counters: one per reason of bpf/portal_abi.h, summed over CPUs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace portal::dataplane {

struct Verdict {
    std::string_view reason;       // "authorized", "https", …
    std::string_view description;  // what it means, in a few words
    bool passes = false;
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
};

// The name of an enum reason; empty for a number that is none.
std::string_view reason_name(std::uint32_t reason);

// Every reason, in the order of the ABI.
Result<std::vector<Verdict>> read_verdicts(int map_fd);

}  // namespace portal::dataplane
