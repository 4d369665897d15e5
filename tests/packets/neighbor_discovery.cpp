#include "packets/neighbor_discovery.h"

namespace portal::packets {

namespace {

constexpr std::uint8_t kSourceLinkLayer = 1, kTargetLinkLayer = 2;

void put_link_layer(Bytes& bytes, std::uint8_t option, const Mac& mac) {
    put8(bytes, option);
    put8(bytes, 1);
    put(bytes, mac.bytes);
}

Packet mld(std::uint8_t type, const IpAddress& group) {
    return router_alert() / ICMPv6{.type = type} /
           Payload{Bytes(group.bytes.begin(), group.bytes.end())};
}

}  // namespace

Packet router_solicitation(const Mac& source) {
    Bytes body;
    put_link_layer(body, kSourceLinkLayer, source);
    return ICMPv6{.type = 133} / Payload{body};
}

Packet router_advertisement(const Mac& source) {
    Bytes body;
    put32(body, 0);  // reachable time
    put32(body, 0);  // retransmission timer
    put_link_layer(body, kSourceLinkLayer, source);
    return ICMPv6{.type = 134, .rest = 0x40000708} / Payload{body};
}

Packet neighbor_solicitation(const IpAddress& target, const Mac& source) {
    Bytes body(target.bytes.begin(), target.bytes.end());
    put_link_layer(body, kSourceLinkLayer, source);
    return ICMPv6{.type = 135} / Payload{body};
}

Packet neighbor_advertisement(const IpAddress& target, const Mac& source) {
    Bytes body(target.bytes.begin(), target.bytes.end());
    put_link_layer(body, kTargetLinkLayer, source);
    return ICMPv6{.type = 136, .rest = 0x60000000} / Payload{body};
}

Packet redirect(const IpAddress& target, const IpAddress& destination) {
    Bytes body(target.bytes.begin(), target.bytes.end());
    put(body, destination.bytes);
    return ICMPv6{.type = 137} / Payload{body};
}

Packet mld_query() {
    return mld(130, IpAddress{});
}
Packet mld_report(const IpAddress& group) {
    return mld(131, group);
}
Packet mld_done(const IpAddress& group) {
    return mld(132, group);
}

Packet mldv2_report(const IpAddress& group) {
    Bytes body;
    put8(body, 4);  // change to exclude
    put8(body, 0);
    put16(body, 0);
    put(body, group.bytes);
    return router_alert() / ICMPv6{.type = 143, .rest = 1} / Payload{body};
}

}  // namespace portal::packets
