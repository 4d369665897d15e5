#include "packets/arp.h"

#include <span>

namespace portal::packets {

Encoded encode(const Arp& arp, Encoded inside, const std::optional<Enclosing>&) {
    Encoded out{.bytes = {}, .ethertype = 0x0806};
    put16(out.bytes, arp.hardware);
    put16(out.bytes, arp.protocol);
    put8(out.bytes, arp.hardware_size);
    put8(out.bytes, arp.protocol_size);
    put16(out.bytes, arp.operation);
    put(out.bytes, arp.sender_mac.bytes);
    put(out.bytes, std::span(arp.sender_ip.bytes).last(4));
    put(out.bytes, arp.target_mac.bytes);
    put(out.bytes, std::span(arp.target_ip.bytes).last(4));
    put(out.bytes, inside.bytes);
    return out;
}

}  // namespace portal::packets
