#include "control/event_rate.h"

#include <algorithm>

namespace portal::control {

bool EventRate::admit(EventType type, MonotonicTime now) {
    constexpr MonotonicTime kEach = MonotonicTime(std::chrono::seconds(1)) / kPerSecond;
    if (!is_unbidden(type)) return true;
    MonotonicTime& used = used_until_[type];
    used = std::max(used, now);
    if (used - now > kEach * (kBurst - 1)) return false;
    used += kEach;
    return true;
}

}  // namespace portal::control
