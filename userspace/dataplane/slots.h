// Which counters of `traffic` are free. A slot rests a second between two clients, since a
// packet on another CPU may still be counting into it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace portal::dataplane {

class Slots {
  public:
    explicit Slots(std::uint32_t count);

    // Marks a slot that a pinned entry holds. False if it is out of range or held already.
    bool hold(std::uint32_t slot);
    // A free slot, rested if there is one; none when all are held. When only resting ones are
    // left, the one that has rested longest: no client is refused for it.
    std::optional<std::uint32_t> take(MonotonicTime now);
    void give_back(std::uint32_t slot, MonotonicTime now);

  private:
    std::vector<bool> held_;
    std::uint32_t fresh_ = 0;  // slots from here on were never given out, unless held
    std::deque<std::pair<std::uint32_t, MonotonicTime>> resting_;
};

}  // namespace portal::dataplane
