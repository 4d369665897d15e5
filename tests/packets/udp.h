// UDP (RFC 768).
#pragma once

#include <optional>

#include "packets/layer.h"

namespace portal::packets {

struct UDP {
    std::uint16_t sport = 40000;
    std::uint16_t dport = 53;
    std::optional<std::uint16_t> length = {};
    std::optional<std::uint16_t> checksum = {};
};

Encoded encode(const UDP& udp, Encoded inside, const std::optional<Enclosing>& ip);

}  // namespace portal::packets
