// How a layer is written: from the inside out, each told what it carries and which IP header is
// around it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ip_address.h"
#include "packets/bytes.h"

namespace portal::packets {

// A layer with all it carries, and the numbers by which the layer around it names it. The defaults
// are those for experiments (IEEE 802, RFC 3692).
struct Encoded {
    Bytes bytes;
    std::uint16_t ethertype = 0x88b5;
    std::uint8_t protocol = 253;
};

// The addresses of the nearest IP header around, for checksums with a pseudo header.
struct Enclosing {
    IpAddress src;
    IpAddress dst;
};

// The sum of the pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1); 0 without IP around.
std::uint32_t pseudo_header_sum(const std::optional<Enclosing>& ip, std::uint8_t protocol,
                                std::size_t length);

}  // namespace portal::packets
