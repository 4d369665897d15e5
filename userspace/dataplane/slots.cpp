#include "dataplane/slots.h"

namespace portal::dataplane {

namespace {

constexpr MonotonicTime kRest = std::chrono::seconds(1);

}  // namespace

Slots::Slots(std::uint32_t count) : held_(count) {}

bool Slots::hold(std::uint32_t slot) {
    if (slot >= held_.size() || held_[slot]) return false;
    held_[slot] = true;
    return true;
}

std::optional<std::uint32_t> Slots::take(MonotonicTime now) {
    const auto rested = [&] { return !resting_.empty() && resting_.front().second + kRest <= now; };
    while (!rested() && fresh_ < held_.size()) {
        const std::uint32_t slot = fresh_++;
        if (hold(slot)) return slot;
    }
    if (resting_.empty()) return std::nullopt;
    const std::uint32_t slot = resting_.front().first;
    resting_.pop_front();
    held_[slot] = true;
    return slot;
}

void Slots::give_back(std::uint32_t slot, MonotonicTime now) {
    if (slot >= held_.size() || !held_[slot]) return;
    held_[slot] = false;
    // A slot the sweep of fresh ones has yet to reach is found by it.
    if (slot < fresh_) resting_.emplace_back(slot, now);
}

}  // namespace portal::dataplane
