// Addresses that packets have bound to clients (bpf/binding.h): what is over is taken out.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/error.h"

namespace portal::dataplane {

struct BindingMaps {
    int bindings = -1;
    int counts = -1;
    int clients = -1;
    std::uint32_t max_clients = 0;
};

// Takes out the bindings that have lapsed or whose session has ended, and counts anew how many
// each client has. Call it each minute.
Status collect_bindings(const BindingMaps& maps, MonotonicTime now);

}  // namespace portal::dataplane
