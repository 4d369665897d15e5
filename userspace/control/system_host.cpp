#include "control/system_host.h"

#include <fstream>

namespace portal::control {

Result<std::vector<dataplane::Link>> SystemHost::links() const {
    return dataplane::list_links();
}

Result<std::vector<dataplane::InterfaceAddress>> SystemHost::addresses() const {
    return dataplane::list_addresses();
}

Status SystemHost::add_policy_route(const dataplane::PolicyRoute& route) {
    return dataplane::add_policy_route(route);
}

Status SystemHost::remove_policy_route(const dataplane::PolicyRoute& route) {
    return dataplane::remove_policy_route(route);
}

Result<std::string> SystemHost::missing_policy_route(const dataplane::PolicyRoute& route) const {
    return dataplane::missing_policy_route(route);
}

Result<std::string> SystemHost::sysctl(const std::string& interface, const std::string& key) const {
    return dataplane::read_sysctl(interface, key);
}

Status SystemHost::set_sysctl(const std::string& interface, const std::string& key,
                              const std::string& value) {
    return dataplane::write_sysctl(interface, key, value);
}

Result<std::string> SystemHost::ipv6_forwarding() const {
    constexpr const char* path = "/proc/sys/net/ipv6/conf/all/forwarding";
    std::ifstream file(path);
    std::string value;
    if (!(file >> value)) return fail_errno(std::string("cannot read ") + path);
    return value;
}

Result<bool> SystemHost::keep_vlan_tags(const std::string& interface) {
    return dataplane::keep_vlan_tags(interface);
}

}  // namespace portal::control
