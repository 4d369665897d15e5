#include "packets/applications.h"

#include <span>

namespace portal::packets {

namespace {

Payload bootp(std::uint8_t operation, std::uint8_t message, const Mac& client,
              const IpAddress& address) {
    Bytes bytes;
    put8(bytes, operation);
    put8(bytes, 1);
    put8(bytes, 6);
    put8(bytes, 0);
    put32(bytes, 0x05110511);  // transaction
    put32(bytes, 0);
    put32(bytes, 0);  // client address
    put(bytes, std::span(address.bytes).last(4));
    put32(bytes, 0);
    put32(bytes, 0);
    put(bytes, client.bytes);
    bytes.resize(236);
    put32(bytes, 0x63825363);
    put(bytes, Bytes{53, 1, message, 255});
    return Payload{bytes};
}

Payload dhcpv6(std::uint8_t message, const Mac& client) {
    Bytes bytes{message, 0x05, 0x11, 0x05};
    put16(bytes, 1);  // client identifier: DUID-LL
    put16(bytes, 10);
    put16(bytes, 3);
    put16(bytes, 1);
    put(bytes, client.bytes);
    return Payload{bytes};
}

}  // namespace

Packet dhcp_discover(const Mac& client) {
    return UDP{.sport = 68, .dport = 67} / bootp(1, 1, client, ip("0.0.0.0"));
}

Packet dhcp_offer(const Mac& client, const IpAddress& address) {
    return UDP{.sport = 67, .dport = 68} / bootp(2, 2, client, address);
}

Packet dhcpv6_solicit(const Mac& client) {
    return UDP{.sport = 546, .dport = 547} / dhcpv6(1, client);
}

Packet dhcpv6_advertise(const Mac& client) {
    return UDP{.sport = 547, .dport = 546} / dhcpv6(2, client);
}

Bytes dns_question(std::string_view name) {
    Bytes bytes;
    put16(bytes, 0x0511);
    put16(bytes, 0x0100);  // recursion desired
    put16(bytes, 1);
    put16(bytes, 0);
    put32(bytes, 0);
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        put8(bytes, static_cast<std::uint8_t>(label.size()));
        bytes.insert(bytes.end(), label.begin(), label.end());
        name.remove_prefix(label.size() < name.size() ? label.size() + 1 : name.size());
    }
    put8(bytes, 0);
    put16(bytes, 1);  // A
    put16(bytes, 1);  // IN
    return bytes;
}

Packet dns_query(std::string_view name) {
    return UDP{.sport = 40000, .dport = 53} / Payload{dns_question(name)};
}

}  // namespace portal::packets
