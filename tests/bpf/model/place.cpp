#include "bpf/model/place.h"

#include <algorithm>

#include "bpf/world.h"

namespace portal::model {

using gate::AddressRoles;

namespace {

// One of the /8 networks that no host on the Internet has (RFC 1122 section 3.2.1.3).
bool is_nobodys_v4(const IpAddress& address) {
    const unsigned first = address.bytes[12];
    return first == 0 || first == 127 || first > 223;
}

bool within(const Prefix& prefix, const IpAddress& address) {
    return prefix.contains(Prefix{address, 128});
}

}  // namespace

bool has_role(const IpAddress& address, std::uint32_t role) {
    static const auto addresses = gate::world_addresses();
    return std::ranges::any_of(addresses, [&](const AddressRoles& known) {
        return known.address == address && (known.roles & role) != 0;
    });
}

bool in_garden(const IpAddress& address, unsigned protocol, std::optional<std::uint16_t> port) {
    static const auto garden = gate::world_garden();
    const gate::GardenEntry* nearest = nullptr;
    for (const gate::GardenEntry& entry : garden)
        if (within(entry.prefix, address) &&
            (nearest == nullptr || entry.prefix.length > nearest->prefix.length))
            nearest = &entry;
    if (nearest == nullptr) return false;
    if (nearest->ports.count == 0) return !has_role(address, ADDRESS_GATEWAY);
    return port && ((protocol == 6 && *port == gate::kGardenTcp) ||
                    (protocol == 17 && *port == gate::kGardenUdp));
}

bool is_a_clients(const IpAddress& source) {
    if (has_role(source, ADDRESS_GATEWAY) || source.is_multicast() || source.is_loopback())
        return false;
    return !source.is_v4() || !is_nobodys_v4(source);
}

bool is_on_link(const IpAddress& source, std::uint16_t vlan) {
    static const auto networks = gate::world_networks();
    if (source.is_link_local() && !source.is_v4()) return true;
    return has_networks(vlan) && std::ranges::any_of(networks, [&](const Prefix& network) {
               return within(network, source);
           });
}

bool has_networks(std::uint16_t vlan) {
    return std::ranges::find(gate::kWorldVlans, vlan) != gate::kWorldVlans.end();
}

bool is_a_web_servers(const IpAddress& destination) {
    if (destination.is_v4()) return !is_nobodys_v4(destination);
    return !destination.is_multicast() && !destination.is_loopback() &&
           !destination.is_unspecified() && !destination.is_link_local();
}

bool stays_on_the_link(const IpAddress& destination) {
    const auto& bytes = destination.bytes;
    return (destination.is_link_local() && !destination.is_v4()) ||
           (bytes[0] == 0xff && (bytes[1] & 0x0f) == 2) || has_role(destination, ADDRESS_GATEWAY);
}

}  // namespace portal::model
