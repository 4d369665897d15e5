// A 48-bit MAC address (EUI-48), bytes in the order they are sent.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal {

struct Mac {
    std::array<std::uint8_t, 6> bytes{};

    auto operator<=>(const Mac&) const = default;

    // The group bit (IEEE 802): multicast and broadcast.
    bool is_multicast() const { return (bytes[0] & 1) != 0; }
    bool is_zero() const { return *this == Mac{}; }
    // Lower case with colons: "02:00:00:00:00:01".
    std::string to_string() const;
};

// Six pairs of hex digits joined by ':' or '-'; anything else is ErrorCode::invalid.
Result<Mac> parse_mac(std::string_view text);

}  // namespace portal
