#include "packets/udp.h"

namespace portal::packets {

Encoded encode(const UDP& udp, Encoded inside, const std::optional<Enclosing>& ip) {
    Encoded out{.bytes = {}, .protocol = 17};
    Bytes& bytes = out.bytes;

    put16(bytes, udp.sport);
    put16(bytes, udp.dport);
    put16(bytes, udp.length.value_or(static_cast<std::uint16_t>(8 + inside.bytes.size())));
    put16(bytes, 0);
    put(bytes, inside.bytes);
    std::uint16_t sum = checksum(bytes, pseudo_header_sum(ip, 17, bytes.size()));
    if (sum == 0) sum = 0xffff;  // 0 is "none"
    set16(bytes, 6, udp.checksum.value_or(sum));
    return out;
}

}  // namespace portal::packets
