#include "packets/icmp.h"

namespace portal::packets {

namespace {

Bytes message(std::uint8_t type, std::uint8_t code, std::uint32_t rest, const Bytes& body) {
    Bytes bytes;
    put8(bytes, type);
    put8(bytes, code);
    put16(bytes, 0);
    put32(bytes, rest);
    put(bytes, body);
    return bytes;
}

}  // namespace

Encoded encode(const ICMP& icmp, Encoded inside, const std::optional<Enclosing>&) {
    Bytes bytes = message(icmp.type, icmp.code, icmp.rest, inside.bytes);
    set16(bytes, 2, icmp.checksum.value_or(checksum(bytes)));
    return Encoded{.bytes = std::move(bytes), .protocol = 1};
}

Encoded encode(const ICMPv6& icmp, Encoded inside, const std::optional<Enclosing>& ip) {
    Bytes bytes = message(icmp.type, icmp.code, icmp.rest, inside.bytes);
    set16(bytes, 2,
          icmp.checksum.value_or(checksum(bytes, pseudo_header_sum(ip, 58, bytes.size()))));
    return Encoded{.bytes = std::move(bytes), .protocol = 58};
}

}  // namespace portal::packets
