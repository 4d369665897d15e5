// Who is known to the gate: a client's entry, and whether it counts at a time.
#pragma once

#include <compare>
#include <cstdint>

#include "base/mac.h"
#include "portal_abi.h"

namespace portal::model {

inline constexpr std::uint64_t kSecond = 1'000'000'000;

struct Key {
    Mac mac;
    std::uint16_t vlan = 0;
    auto operator<=>(const Key&) const = default;
};

// A session ends at its end and not later, and when nothing was heard for as long as is allowed.
inline bool counts(const client& entry, std::uint64_t at) {
    if (entry.expires_at != 0 && entry.expires_at <= at) return false;
    return entry.idle_timeout == 0 || entry.last_seen + entry.idle_timeout * kSecond > at;
}

// When it was last heard, after a frame of its that was let through.
inline std::uint64_t heard(const client& entry, std::uint64_t at) {
    return at < entry.last_seen + kSecond ? entry.last_seen : at;
}

}  // namespace portal::model
