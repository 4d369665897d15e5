// What an address is to the venue (bpf/world.h), and to the Internet.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ip_address.h"

namespace portal::model {

bool has_role(const IpAddress& address, std::uint32_t role);

// Without a port: as a whole, as for ICMP. Of the gateway itself only named ports are open.
bool in_garden(const IpAddress& address, unsigned protocol, std::optional<std::uint16_t> port);

// One that a host may have, and not the gateway's.
bool is_a_clients(const IpAddress& source);

// Where an answer would stay here: with the clients' networks on this VLAN, or on their link.
bool is_on_link(const IpAddress& source, std::uint16_t vlan);

// Whether the gateway has addresses on this VLAN.
bool has_networks(std::uint16_t vlan);

bool is_a_web_servers(const IpAddress& destination);

// The gateway would not forward what goes there.
bool stays_on_the_link(const IpAddress& destination);

}  // namespace portal::model
