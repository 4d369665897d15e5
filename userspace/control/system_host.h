// The Host that portald runs on, by rtnetlink and /proc.
#pragma once

#include "control/host.h"

namespace portal::control {

class SystemHost final : public Host {
  public:
    Result<std::vector<dataplane::Link>> links() const override;
    Result<std::vector<dataplane::InterfaceAddress>> addresses() const override;
    Status add_policy_route(const dataplane::PolicyRoute& route) override;
    Status remove_policy_route(const dataplane::PolicyRoute& route) override;
    Result<std::string> missing_policy_route(const dataplane::PolicyRoute& route) const override;
    Result<std::string> sysctl(const std::string& interface, const std::string& key) const override;
    Status set_sysctl(const std::string& interface, const std::string& key,
                      const std::string& value) override;
    Result<std::string> ipv6_forwarding() const override;
    Result<bool> keep_vlan_tags(const std::string& interface) override;
};

}  // namespace portal::control
