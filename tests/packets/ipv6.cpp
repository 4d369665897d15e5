#include "packets/ipv6.h"

namespace portal::packets {

namespace {

Encoded encode_options(std::uint8_t protocol, Bytes options, std::optional<std::uint8_t> length,
                       std::optional<std::uint8_t> next, const Encoded& inside) {
    const std::size_t wanted = length ? (*length + 1U) * 8U - 2U : (options.size() + 9) / 8 * 8 - 2;
    if (options.size() < wanted) options.resize(wanted);

    Encoded out{.bytes = {}, .ethertype = 0x86dd, .protocol = protocol};
    put8(out.bytes, next.value_or(inside.protocol));
    put8(out.bytes, length.value_or(static_cast<std::uint8_t>(options.size() / 8)));
    put(out.bytes, options);
    put(out.bytes, inside.bytes);
    return out;
}

}  // namespace

HopByHop router_alert() {
    return HopByHop{.options = {5, 2, 0, 0}};
}

Encoded encode(const IPv6& ip, Encoded inside, const std::optional<Enclosing>&) {
    Encoded out{.bytes = {}, .ethertype = 0x86dd, .protocol = 41};
    put32(out.bytes, static_cast<std::uint32_t>(ip.version.value_or(6)) << 28);
    put16(out.bytes, ip.payload_length.value_or(static_cast<std::uint16_t>(inside.bytes.size())));
    put8(out.bytes, ip.next_header.value_or(inside.protocol));
    put8(out.bytes, ip.hop_limit);
    put(out.bytes, ip.src.bytes);
    put(out.bytes, ip.dst.bytes);
    put(out.bytes, inside.bytes);
    return out;
}

Encoded encode(const HopByHop& header, Encoded inside, const std::optional<Enclosing>&) {
    return encode_options(0, header.options, header.length, header.next_header, inside);
}

Encoded encode(const DestinationOptions& header, Encoded inside, const std::optional<Enclosing>&) {
    return encode_options(60, header.options, header.length, header.next_header, inside);
}

Encoded encode(const Routing& header, Encoded inside, const std::optional<Enclosing>&) {
    Encoded out{.bytes = {}, .ethertype = 0x86dd, .protocol = 43};
    put8(out.bytes, header.next_header.value_or(inside.protocol));
    put8(out.bytes, 2);
    put8(out.bytes, header.type);
    put8(out.bytes, header.segments_left);
    put32(out.bytes, 0);
    put(out.bytes, header.address.bytes);
    put(out.bytes, inside.bytes);
    return out;
}

Encoded encode(const Fragment& header, Encoded inside, const std::optional<Enclosing>&) {
    Encoded out{.bytes = {}, .ethertype = 0x86dd, .protocol = 44};
    put8(out.bytes, header.next_header.value_or(inside.protocol));
    put8(out.bytes, 0);
    put16(out.bytes, static_cast<std::uint16_t>(header.offset << 3 | (header.more ? 1 : 0)));
    put32(out.bytes, header.id);
    put(out.bytes, inside.bytes);
    return out;
}

}  // namespace portal::packets
