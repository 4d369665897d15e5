#include "control/topology.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace portal::control {

Result<Topology> Topology::read(const Host& host,
                                const std::vector<std::string>& client_interfaces) {
    Topology topology;
    TRY_ASSIGN(topology.links, host.links());
    TRY_ASSIGN(topology.addresses, host.addresses());
    for (const std::string& name : client_interfaces)
        if (const dataplane::Link* link = topology.link(name)) {
            topology.attached.insert(link->index);
            topology.client_side.merge(dataplane::stacked_on(topology.links, link->index));
        }
    return topology;
}

Status Topology::require(const std::vector<std::string>& client_interfaces) const {
    for (const std::string& name : client_interfaces)
        if (!link(name))
            return fail(ErrorCode::not_found, "client interface " + name + " does not exist",
                        "correct gateway.client_interfaces, or create the interface first; "
                        "ip link lists those there are");
    return {};
}

const dataplane::Link* Topology::link(const std::string& name) const {
    const auto found = std::ranges::find(links, name, &dataplane::Link::name);
    return found == links.end() ? nullptr : &*found;
}

std::optional<std::string> Topology::name_of(unsigned ifindex) const {
    const auto found = std::ranges::find(links, ifindex, &dataplane::Link::index);
    if (found == links.end()) return std::nullopt;
    return found->name;
}

std::map<std::string, unsigned, std::less<>> Topology::indices() const {
    std::map<std::string, unsigned, std::less<>> indices;
    for (const dataplane::Link& link : links)
        indices.emplace(link.name, link.index);
    return indices;
}

std::set<Mac> Topology::gateway_macs() const {
    std::set<Mac> macs;
    for (const dataplane::Link& link : links)
        if (client_side.contains(link.index)) macs.insert(link.mac);
    return macs;
}

std::vector<dataplane::AddressRoles> Topology::roles(std::span<const IpAddress> resolvers) const {
    std::map<IpAddress, dataplane::AddressRoles> roles;
    for (const auto& own : addresses) {
        dataplane::AddressRoles& role = roles[own.address];
        role.address = own.address;
        role.gateway = true;
        role.portal |= client_side.contains(own.ifindex);
        role.resolver = role.portal && resolvers.empty();
    }
    for (const IpAddress& resolver : resolvers) {
        dataplane::AddressRoles& role = roles[resolver];
        role.address = resolver;
        role.resolver = true;
    }
    std::vector<dataplane::AddressRoles> sorted;
    for (const auto& [address, role] : roles)
        sorted.push_back(role);
    return sorted;
}

std::vector<dataplane::LinkNetwork> Topology::client_networks() const {
    std::map<std::tuple<unsigned, std::uint16_t, Prefix>, IpAddress> gateways;
    for (const unsigned interface : attached) {
        const auto vlans = dataplane::vlans_on(links, interface);
        for (const auto& own : addresses) {
            const auto link = vlans.find(own.ifindex);
            if (link == vlans.end()) continue;
            const auto [known, fresh] =
                gateways.try_emplace({interface, link->second, own.prefix}, own.address);
            if (!fresh) known->second = std::min(known->second, own.address);
        }
    }
    std::vector<dataplane::LinkNetwork> networks;
    for (const auto& [network, gateway] : gateways)
        std::apply([&](auto... key) { networks.push_back({key..., gateway}); }, network);
    return networks;
}

std::vector<dataplane::ClientLink> Topology::client_links() const {
    std::map<unsigned, dataplane::ClientLink> found;
    const auto add = [&](const dataplane::Link& link, unsigned home) {
        found.try_emplace(link.index, dataplane::ClientLink{link.index, home, link.mac});
    };
    for (const dataplane::Link& link : links)
        if (attached.contains(link.index)) add(link, link.index);
    for (const unsigned interface : attached) {
        const auto stacked = dataplane::stacked_on(links, interface);
        const auto self = std::ranges::find(links, interface, &dataplane::Link::index);
        for (const dataplane::Link& link : links)
            if (stacked.contains(link.index) || (self->aggregates && link.master == interface))
                add(link, interface);
    }
    std::vector<dataplane::ClientLink> sorted;
    for (const auto& [index, link] : found)
        sorted.push_back(link);
    return sorted;
}

bool Topology::is_portal_address(const IpAddress& address) const {
    return std::ranges::any_of(addresses, [&](const auto& own) {
        return own.address == address && client_side.contains(own.ifindex);
    });
}

std::optional<IpAddress> Topology::portal_address(unsigned ifindex, const IpAddress& client) const {
    const std::set<unsigned> reachable = dataplane::stacked_on(links, ifindex);
    const auto rank = [&](const dataplane::InterfaceAddress& own) {
        return std::tuple(!own.prefix.contains({client, 128}), own.address.is_link_local(),
                          own.address);
    };
    const dataplane::InterfaceAddress* best = nullptr;
    for (const auto& own : addresses) {
        if (own.address.is_v4() != client.is_v4() || !reachable.contains(own.ifindex)) continue;
        if (!best || rank(own) < rank(*best)) best = &own;
    }
    if (!best) return std::nullopt;
    return best->address;
}

}  // namespace portal::control
