// Ethernet II and IEEE 802.1Q tags.
#pragma once

#include <optional>

#include "packets/addresses.h"
#include "packets/layer.h"

namespace portal::packets {

struct Ethernet {
    Mac src = kClientMac;
    Mac dst = kGatewayMac;
    std::optional<std::uint16_t> ethertype = {};  // default: of what it carries
};

inline constexpr std::uint16_t kCustomerTag = 0x8100;  // 802.1Q
inline constexpr std::uint16_t kServiceTag = 0x88a8;   // 802.1ad

struct Vlan {
    std::uint16_t id = 100;
    std::uint8_t priority = 0;
    std::uint16_t tpid = kCustomerTag;
    std::optional<std::uint16_t> ethertype = {};
};

Encoded encode(const Ethernet& ethernet, Encoded inside, const std::optional<Enclosing>& ip);
Encoded encode(const Vlan& vlan, Encoded inside, const std::optional<Enclosing>& ip);

}  // namespace portal::packets
