// What strangers may reach at an address that a name of the garden leads to, and until when.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "domain/garden.h"
#include "domain/garden_name.h"

namespace portal {

struct LearntOpening {
    IpAddress address;
    std::vector<PortRule> ports;  // none: all; at most kGardenPorts
    MonotonicTime until{0};
    GardenName name;  // one that leads there, for whom finds it in the dataplane after a restart

    bool operator==(const LearntOpening&) const = default;
};

}  // namespace portal
