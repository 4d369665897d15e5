// ARP for IPv4 over Ethernet (RFC 826).
#pragma once

#include <optional>

#include "packets/addresses.h"
#include "packets/layer.h"

namespace portal::packets {

struct Arp {
    std::uint16_t operation = 1;  // 1 request, 2 reply
    Mac sender_mac = kClientMac;
    IpAddress sender_ip = kClient4;
    Mac target_mac = {};
    IpAddress target_ip = kGateway4;
    std::uint16_t hardware = 1;
    std::uint16_t protocol = 0x0800;
    std::uint8_t hardware_size = 6;
    std::uint8_t protocol_size = 4;
};

Encoded encode(const Arp& arp, Encoded inside, const std::optional<Enclosing>& ip);

}  // namespace portal::packets
