// IPv4 (RFC 791).
#pragma once

#include <optional>

#include "packets/addresses.h"
#include "packets/layer.h"

namespace portal::packets {

struct IPv4 {
    IpAddress src = kClient4;
    IpAddress dst = kServer4;
    std::uint8_t ttl = 64;
    std::uint16_t id = 0;
    bool dont_fragment = false;
    bool more_fragments = false;
    std::uint16_t fragment_offset = 0;  // in 8 bytes
    Bytes options = {};                 // a multiple of 4 bytes
    std::optional<std::uint8_t> protocol = {};
    std::optional<std::uint8_t> version = {};
    std::optional<std::uint8_t> ihl = {};
    std::optional<std::uint16_t> total_length = {};
    std::optional<std::uint16_t> checksum = {};
};

Encoded encode(const IPv4& ip, Encoded inside, const std::optional<Enclosing>& around);

}  // namespace portal::packets
