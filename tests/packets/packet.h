// Frames as one writes them down:
//
//     Bytes frame = Ethernet{} / Vlan{100} / IPv4{.dst = kGateway4} / TCP{.dport = 443};
//
// Lengths, checksums and the numbers that name the next layer are right unless a field says
// otherwise. Values; no state is shared.
#pragma once

#include <concepts>
#include <utility>
#include <variant>
#include <vector>

#include "packets/arp.h"
#include "packets/ethernet.h"
#include "packets/icmp.h"
#include "packets/ipv4.h"
#include "packets/ipv6.h"
#include "packets/payload.h"
#include "packets/tcp.h"
#include "packets/udp.h"

namespace portal::packets {

using Layer = std::variant<Ethernet, Vlan, Arp, IPv4, IPv6, HopByHop, DestinationOptions, Routing,
                           Fragment, TCP, UDP, ICMP, ICMPv6, Payload>;

template <typename T>
concept LayerType = std::constructible_from<Layer, T> && !std::same_as<T, Layer>;

// Layers from the outside in.
class Packet {
  public:
    Packet(std::initializer_list<Layer> layers) : layers_(layers) {}
    template <LayerType T>
    Packet(T layer) : layers_{Layer{std::move(layer)}} {}  // NOLINT: a layer is a packet

    Packet& append(const Packet& inner);
    Bytes bytes() const;
    operator Bytes() const { return bytes(); }  // NOLINT: a packet is its bytes

  private:
    std::vector<Layer> layers_;
};

template <typename A, typename B>
requires(LayerType<A> || std::same_as<A, Packet>) &&
    (LayerType<B> || std::same_as<B, Packet>)Packet operator/(A outer, B inner) {
    Packet packet{std::move(outer)};
    packet.append(Packet{std::move(inner)});
    return packet;
}

}  // namespace portal::packets
