#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "dataplane/network.h"

namespace portal::dataplane {

namespace {

int ethtool(int socket, const std::string& interface, ethtool_value& value) {
    ifreq request{};
    std::strncpy(request.ifr_name, interface.c_str(), sizeof request.ifr_name - 1);
    request.ifr_data = reinterpret_cast<char*>(&value);
    return ioctl(socket, SIOCETHTOOL, &request);
}

}  // namespace

Result<bool> keep_vlan_tags(const std::string& interface) {
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket) return fail_errno("cannot open a socket");
    ethtool_value flags{};
    flags.cmd = ETHTOOL_GFLAGS;
    if (ethtool(socket.get(), interface, flags) != 0) return true;  // nothing that could strip
    if ((flags.data & ETH_FLAG_RXVLAN) == 0) return true;
    flags.cmd = ETHTOOL_SFLAGS;
    flags.data &= ~static_cast<std::uint32_t>(ETH_FLAG_RXVLAN);
    return ethtool(socket.get(), interface, flags) == 0;
}

}  // namespace portal::dataplane
