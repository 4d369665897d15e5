// How many events of a type are told: so many a second, and some at once after a silence.
#pragma once

#include <map>

#include "base/clock.h"
#include "control/event.h"

namespace portal::control {

class EventRate {
  public:
    static constexpr int kPerSecond = 50;
    static constexpr int kBurst = 200;

    // Whether another one may be told now; then it counts as told. Each type has its own share,
    // and those that nobody can cause at will are always told.
    bool admit(EventType type, MonotonicTime now);

  private:
    std::map<EventType, MonotonicTime> used_until_;
};

}  // namespace portal::control
