// Between the domain's values and the maps' bytes (bpf/portal_abi.h).
#pragma once

#include <optional>

#include "base/ip_address.h"
#include "base/mac.h"
#include "dataplane/client_side.h"
#include "domain/client.h"
#include "domain/flow.h"
#include "domain/garden.h"
#include "domain/learnt_opening.h"
#include "portal_abi.h"

namespace portal::dataplane {

client_key to_abi(const ClientId& client);
ip_address to_abi(const IpAddress& address);
flow to_abi(const Flow& connection);
prefix_key to_abi(const Prefix& prefix);
network_key to_abi(const LinkNetwork& network);
// At most GARDEN_PORTS ports, as compile_garden() gives them.
garden_ports to_abi(const std::vector<PortRule>& ports);
learnt_address to_abi(const LearntOpening& opening);
client_state to_abi(ClientState state);

ClientId from_abi(const client_key& key);
IpAddress from_abi(const ip_address& address);
ClientState from_abi(client_state state);
// None where the name is none.
std::optional<LearntOpening> from_abi(const ip_address& address, const learnt_address& learnt);

}  // namespace portal::dataplane
