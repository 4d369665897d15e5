// What the control side asks of this host's network. SystemHost gives it; tests give their own.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "dataplane/network.h"

namespace portal::control {

class Host {
  public:
    virtual ~Host() = default;

    virtual Result<std::vector<dataplane::Link>> links() const = 0;
    virtual Result<std::vector<dataplane::InterfaceAddress>> addresses() const = 0;

    virtual Status add_policy_route(const dataplane::PolicyRoute& route) = 0;
    virtual Status remove_policy_route(const dataplane::PolicyRoute& route) = 0;
    virtual Result<std::string> missing_policy_route(const dataplane::PolicyRoute& route) const = 0;

    // /proc/sys/net/ipv4/conf/INTERFACE/KEY
    virtual Result<std::string> sysctl(const std::string& interface,
                                       const std::string& key) const = 0;
    virtual Status set_sysctl(const std::string& interface, const std::string& key,
                              const std::string& value) = 0;
    // /proc/sys/net/ipv6/conf/all/forwarding
    virtual Result<std::string> ipv6_forwarding() const = 0;
    virtual Result<bool> keep_vlan_tags(const std::string& interface) = 0;
};

}  // namespace portal::control
