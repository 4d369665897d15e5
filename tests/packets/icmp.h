// ICMP (RFC 792) and ICMPv6 (RFC 4443): the common eight bytes; what follows is payload.
#pragma once

#include <optional>

#include "packets/layer.h"

namespace portal::packets {

struct ICMP {
    std::uint8_t type = 8;  // echo request
    std::uint8_t code = 0;
    std::uint32_t rest = 0;
    std::optional<std::uint16_t> checksum = {};
};

struct ICMPv6 {
    std::uint8_t type = 128;  // echo request
    std::uint8_t code = 0;
    std::uint32_t rest = 0;
    std::optional<std::uint16_t> checksum = {};
};

Encoded encode(const ICMP& icmp, Encoded inside, const std::optional<Enclosing>& ip);
Encoded encode(const ICMPv6& icmp, Encoded inside, const std::optional<Enclosing>& ip);

}  // namespace portal::packets
