#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

namespace {

Packet naming(const Family& family, std::uint8_t protocol) {
    if (family.client.is_v4()) return IPv4{.protocol = protocol};
    return IPv6{.next_header = protocol};
}

}  // namespace

IngressRows transport_rows() {
    IngressRows rows;
    for (const Family& family : kFamilies) {
        const Packet server = Ethernet{} / family.to(family.server);
        const Packet resolver = Ethernet{} / family.to(family.gateway);
        const auto cut = [&](std::uint8_t protocol, std::size_t size) {
            return Ethernet{} / naming(family, protocol) / Payload{size};
        };
        const std::uint8_t icmp = family.client.is_v4() ? 1 : 58;
        const auto row = [&](std::string what, Bytes frame, reason expected) {
            rows.push_back({family.name + (", " + std::move(what)), std::move(frame), expected});
        };

        row("TCP of 0 bytes", cut(6, 0), REASON_TRANSPORT_HEADER);
        row("TCP of 4 bytes, the ports", cut(6, 4), REASON_TRANSPORT_HEADER);
        row("TCP of 19 bytes", cut(6, 19), REASON_TRANSPORT_HEADER);
        row("TCP of 12 bytes, padding behind", pad(cut(6, 12), 90), REASON_TRANSPORT_HEADER);
        row("TCP data offset 4", server / TCP{.data_offset = 4}, REASON_TRANSPORT_HEADER);
        row("TCP data offset 0", server / TCP{.data_offset = 0}, REASON_TRANSPORT_HEADER);
        row("TCP data offset beyond the packet", server / TCP{.data_offset = 6},
            REASON_TRANSPORT_HEADER);
        row("TCP data offset in the padding", pad(server / TCP{.data_offset = 15}, 120),
            REASON_TRANSPORT_HEADER);
        row("TCP data offset at the packet's end", server / TCP{.data_offset = 6} / Payload{4},
            REASON_STEERED);
        row("UDP of 0 bytes", cut(17, 0), REASON_TRANSPORT_HEADER);
        row("UDP of 7 bytes", cut(17, 7), REASON_TRANSPORT_HEADER);
        row("UDP length 7", resolver / UDP{.length = 7}, REASON_TRANSPORT_HEADER);
        row("UDP length 0", resolver / UDP{.length = 0}, REASON_TRANSPORT_HEADER);
        row("UDP length beyond the packet", resolver / UDP{.length = 9}, REASON_TRANSPORT_HEADER);
        row("UDP length in the padding", pad(resolver / UDP{.length = 20}, 120),
            REASON_TRANSPORT_HEADER);
        row("UDP shorter than the packet", resolver / UDP{.length = 8} / Payload{20}, REASON_DNS);
        row("ICMP of 0 bytes", cut(icmp, 0), REASON_TRANSPORT_HEADER);
        row("ICMP of 7 bytes", cut(icmp, 7), REASON_TRANSPORT_HEADER);
    }
    return rows;
}

}  // namespace portal::gate
