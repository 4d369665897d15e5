// This host's links and addresses, and the routes and settings that steering needs (rtnetlink).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ip_address.h"
#include "base/mac.h"
#include "base/unique_fd.h"

namespace portal::dataplane {

struct Link {
    unsigned index = 0;
    std::string name;
    Mac mac;
    unsigned lower = 0;       // the link a VLAN or macvlan device sits on; 0: none
    unsigned master = 0;      // the bridge or bond it belongs to; 0: none
    std::uint16_t vlan = 0;   // of a VLAN device
    bool aggregates = false;  // a bond or team: its members' frames are its own
};

struct InterfaceAddress {
    unsigned ifindex = 0;
    Prefix prefix;      // the network on the link
    IpAddress address;  // of this host
};

Result<std::vector<Link>> list_links();
Result<std::vector<InterfaceAddress>> list_addresses();

// `ifindex` and every link stacked on it: its bridge or bond, VLAN devices on either.
std::set<unsigned> stacked_on(const std::vector<Link>& links, unsigned ifindex);
// The same, each with the VLAN whose tag its frames carry on `ifindex`: of stacked ones, the outer.
std::map<unsigned, std::uint16_t> vlans_on(const std::vector<Link>& links, unsigned ifindex);

// `ip rule fwmark MARK/MASK lookup TABLE` and `ip route local default dev lo table TABLE`, for
// both families. Idempotent.
struct PolicyRoute {
    std::uint32_t mark = 0x511;
    std::uint32_t mask = 0xffff;
    std::uint32_t table = 511;
};
Status add_policy_route(const PolicyRoute& route);
Status remove_policy_route(const PolicyRoute& route);
// What is missing of it, in words; empty when it is all there.
Result<std::string> missing_policy_route(const PolicyRoute& route);

// /proc/sys/net/ipv4/conf/INTERFACE/KEY
Result<std::string> read_sysctl(const std::string& interface, const std::string& key);
Status write_sysctl(const std::string& interface, const std::string& key, const std::string& value);

// A socket that becomes readable when links, addresses, routes or rules of this network
// namespace change. Non-blocking.
Result<UniqueFd> watch_network();
// Empties it. True when anything was there.
bool drain_network_watch(int fd);

// Turns off VLAN tag stripping on receive (ETHTOOL_SFLAGS), so that XDP sees the tags. False
// when the driver will not.
Result<bool> keep_vlan_tags(const std::string& interface);

}  // namespace portal::dataplane
