// TCP (RFC 9293).
#pragma once

#include <optional>

#include "packets/layer.h"

namespace portal::packets {

inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10,
                              kUrg = 0x20, kEce = 0x40, kCwr = 0x80;

struct TCP {
    std::uint16_t sport = 40000;
    std::uint16_t dport = 80;
    std::uint32_t seq = 1;
    std::uint32_t ack = 0;
    std::uint8_t flags = kSyn;
    std::uint16_t window = 64240;
    Bytes options = {};                            // a multiple of 4 bytes
    std::optional<std::uint8_t> data_offset = {};  // in 4 bytes
    std::optional<std::uint16_t> checksum = {};
};

Encoded encode(const TCP& tcp, Encoded inside, const std::optional<Enclosing>& ip);

}  // namespace portal::packets
