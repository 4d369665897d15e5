// This host's links and addresses at one moment, and what they mean to the portal.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/mac.h"
#include "control/host.h"
#include "dataplane/dataplane.h"

namespace portal::control {

struct Topology {
    std::vector<dataplane::Link> links;
    std::vector<dataplane::InterfaceAddress> addresses;
    std::set<unsigned> attached;     // the client interfaces that are there
    std::set<unsigned> client_side;  // they and every link stacked on them

    static Result<Topology> read(const Host& host,
                                 const std::vector<std::string>& client_interfaces);

    // ErrorCode::not_found: one of the client interfaces is not there.
    Status require(const std::vector<std::string>& client_interfaces) const;

    const dataplane::Link* link(const std::string& name) const;
    std::optional<std::string> name_of(unsigned ifindex) const;

    // Of every link, by name.
    std::map<std::string, unsigned, std::less<>> indices() const;

    // Of the client side: a client that uses one of them claims to be the gateway.
    std::set<Mac> gateway_macs() const;

    // What each address of this host, and each of `resolvers`, is to the gate. Without
    // `resolvers`, the gateway's addresses on the client side are the resolvers. Sorted.
    std::vector<dataplane::AddressRoles> roles(std::span<const IpAddress> resolvers) const;

    // The networks on the client side as the client interfaces see them, each once with the lowest
    // address in it, sorted.
    std::vector<dataplane::LinkNetwork> client_networks() const;

    // The links of the client side, and the members of client interfaces that are bonds, by index.
    std::vector<dataplane::ClientLink> client_links() const;

    bool is_portal_address(const IpAddress& address) const;

    // The address by which a client behind `ifindex` best reaches the gateway, in the client's
    // family: on a network that the client is in before one it is not, global before link-local.
    std::optional<IpAddress> portal_address(unsigned ifindex, const IpAddress& client) const;
};

}  // namespace portal::control
