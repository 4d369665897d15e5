#include "dataplane/abi.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace portal::dataplane {

client_key to_abi(const ClientId& client) {
    client_key key{};
    std::ranges::copy(client.mac.bytes, key.mac);
    key.vlan = client.vlan;
    return key;
}

ip_address to_abi(const IpAddress& address) {
    ip_address result{};
    std::memcpy(&result, address.bytes.data(), sizeof result);
    return result;
}

flow to_abi(const Flow& connection) {
    return {to_abi(connection.client), to_abi(connection.server), htons(connection.client_port),
            htons(connection.server_port)};
}

prefix_key to_abi(const Prefix& prefix) {
    return {prefix.length, to_abi(prefix.address)};
}

network_key to_abi(const LinkNetwork& network) {
    return {NETWORK_LINK_BITS + network.prefix.length, network.ifindex, network.vlan, 0,
            to_abi(network.prefix.address)};
}

garden_ports to_abi(const std::vector<PortRule>& ports) {
    static_assert(GARDEN_PORTS == kGardenPorts);
    static_assert(PORTAL_GARDEN == kGardenEntries);
    garden_ports result{};
    for (const PortRule& rule : ports) {
        if (result.count == GARDEN_PORTS) break;
        result.ports[result.count++] = {htons(rule.port), static_cast<__u8>(rule.protocol), 0};
    }
    return result;
}

learnt_address to_abi(const LearntOpening& opening) {
    learnt_address result{};
    result.lapses_at = static_cast<__u64>(opening.until.count());
    result.ports = to_abi(opening.ports);
    opening.name.to_string().copy(result.name, sizeof result.name - 1);
    return result;
}

client_state to_abi(ClientState state) {
    switch (state) {
        case ClientState::trusted:
            return CLIENT_TRUSTED;
        case ClientState::blocked:
            return CLIENT_BLOCKED;
        case ClientState::authorized:
        case ClientState::stranger:
            break;
    }
    return CLIENT_AUTHORIZED;
}

ClientId from_abi(const client_key& key) {
    ClientId client;
    std::ranges::copy(key.mac, client.mac.bytes.begin());
    client.vlan = key.vlan;
    return client;
}

IpAddress from_abi(const ip_address& address) {
    IpAddress result;
    std::memcpy(result.bytes.data(), &address, sizeof address);
    return result;
}

std::optional<LearntOpening> from_abi(const ip_address& address, const learnt_address& learnt) {
    auto name = parse_garden_name({learnt.name, strnlen(learnt.name, sizeof learnt.name)});
    if (!name) return std::nullopt;
    LearntOpening opening{.address = from_abi(address),
                          .ports = {},
                          .until = MonotonicTime(static_cast<std::int64_t>(learnt.lapses_at)),
                          .name = *std::move(name)};
    for (__u32 i = 0; i < std::min<__u32>(learnt.ports.count, GARDEN_PORTS); ++i)
        opening.ports.push_back({ntohs(learnt.ports.ports[i].port),
                                 static_cast<Protocol>(learnt.ports.ports[i].protocol)});
    return opening;
}

ClientState from_abi(client_state state) {
    switch (state) {
        case CLIENT_TRUSTED:
            return ClientState::trusted;
        case CLIENT_BLOCKED:
            return ClientState::blocked;
        case CLIENT_AUTHORIZED:
            break;
    }
    return ClientState::authorized;
}

}  // namespace portal::dataplane
