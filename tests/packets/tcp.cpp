#include "packets/tcp.h"

namespace portal::packets {

Encoded encode(const TCP& tcp, Encoded inside, const std::optional<Enclosing>& ip) {
    const auto words = static_cast<std::uint8_t>((20 + tcp.options.size()) / 4);
    Encoded out{.bytes = {}, .protocol = 6};
    Bytes& bytes = out.bytes;

    put16(bytes, tcp.sport);
    put16(bytes, tcp.dport);
    put32(bytes, tcp.seq);
    put32(bytes, tcp.ack);
    put8(bytes, static_cast<std::uint8_t>(tcp.data_offset.value_or(words) << 4));
    put8(bytes, tcp.flags);
    put16(bytes, tcp.window);
    put16(bytes, 0);
    put16(bytes, 0);
    put(bytes, tcp.options);
    put(bytes, inside.bytes);
    set16(bytes, 16,
          tcp.checksum.value_or(checksum(bytes, pseudo_header_sum(ip, 6, bytes.size()))));
    return out;
}

}  // namespace portal::packets
