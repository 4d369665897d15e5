#include "packets/ipv4.h"

#include <span>

namespace portal::packets {

Encoded encode(const IPv4& ip, Encoded inside, const std::optional<Enclosing>&) {
    const std::size_t header = 20 + ip.options.size();
    const auto length = static_cast<std::uint16_t>(header + inside.bytes.size());
    Encoded out{.bytes = {}, .ethertype = 0x0800, .protocol = 4};
    Bytes& bytes = out.bytes;

    put8(bytes, static_cast<std::uint8_t>(ip.version.value_or(4) << 4 |
                                          ip.ihl.value_or(static_cast<std::uint8_t>(header / 4))));
    put8(bytes, 0);
    put16(bytes, ip.total_length.value_or(length));
    put16(bytes, ip.id);
    put16(bytes, static_cast<std::uint16_t>((ip.dont_fragment ? 0x4000 : 0) |
                                            (ip.more_fragments ? 0x2000 : 0) | ip.fragment_offset));
    put8(bytes, ip.ttl);
    put8(bytes, ip.protocol.value_or(inside.protocol));
    put16(bytes, 0);
    put(bytes, std::span(ip.src.bytes).last(4));
    put(bytes, std::span(ip.dst.bytes).last(4));
    put(bytes, ip.options);
    set16(bytes, 10, ip.checksum.value_or(checksum(bytes)));
    put(bytes, inside.bytes);
    return out;
}

}  // namespace portal::packets
