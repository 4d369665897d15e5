#include "packets/ethernet.h"

namespace portal::packets {

Encoded encode(const Ethernet& ethernet, Encoded inside, const std::optional<Enclosing>&) {
    Encoded out;
    put(out.bytes, ethernet.dst.bytes);
    put(out.bytes, ethernet.src.bytes);
    put16(out.bytes, ethernet.ethertype.value_or(inside.ethertype));
    put(out.bytes, inside.bytes);
    return out;
}

Encoded encode(const Vlan& vlan, Encoded inside, const std::optional<Enclosing>&) {
    Encoded out{.bytes = {}, .ethertype = vlan.tpid};
    put16(out.bytes, static_cast<std::uint16_t>(vlan.priority << 13 | vlan.id));
    put16(out.bytes, vlan.ethertype.value_or(inside.ethertype));
    put(out.bytes, inside.bytes);
    return out;
}

}  // namespace portal::packets
