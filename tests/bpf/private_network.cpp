#include "bpf/private_network.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/ipv6.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/unique_fd.h"

namespace portal::gate {

namespace {

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd open_socket(int family) {
    UniqueFd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    require(static_cast<bool>(fd), "socket");
    return fd;
}

// The kernel's announcements of new IPv6 routes. An address is added in the background, and is of
// use once its route is there.
class RouteAnnouncements {
  public:
    RouteAnnouncements() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
        sockaddr_nl groups{};
        groups.nl_family = AF_NETLINK;
        groups.nl_groups = RTMGRP_IPV6_ROUTE;
        require(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&groups), sizeof groups) == 0,
                "listening to routes");
    }

    void await_route_to(const IpAddress& address) {
        alignas(nlmsghdr) char buffer[8192];
        while (true) {
            const ssize_t received = ::recv(fd_.get(), buffer, sizeof buffer, 0);
            require(received > 0, "receiving routes");
            auto left = static_cast<unsigned>(received);
            for (auto* message = reinterpret_cast<nlmsghdr*>(buffer); NLMSG_OK(message, left);
                 message = NLMSG_NEXT(message, left))
                if (message->nlmsg_type == RTM_NEWROUTE && leads_to(message, address)) return;
        }
    }

  private:
    static bool leads_to(nlmsghdr* message, const IpAddress& address) {
        auto* route = static_cast<rtmsg*>(NLMSG_DATA(message));
        auto left = static_cast<unsigned>(RTM_PAYLOAD(message));
        for (auto* attribute = RTM_RTA(route); RTA_OK(attribute, left);
             attribute = RTA_NEXT(attribute, left))
            if (attribute->rta_type == RTA_DST && RTA_PAYLOAD(attribute) == 16 &&
                std::memcmp(RTA_DATA(attribute), address.bytes.data(), 16) == 0)
                return route->rtm_type == RTN_LOCAL;
        return false;
    }

    UniqueFd fd_;
};

void bring_up_loopback() {
    const UniqueFd fd = open_socket(AF_INET);
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    require(::ioctl(fd.get(), SIOCSIFFLAGS, &request) == 0, "bringing loopback up");
}

}  // namespace

void enter_private_network() {
    static const bool entered = [] {
        require(::unshare(CLONE_NEWNET) == 0, "a network namespace of its own (are you root?)");
        bring_up_loopback();
        return true;
    }();
    static_cast<void>(entered);
}

void add_loopback_address(const IpAddress& address) {
    if (address.is_v4()) {
        static int aliases = 0;
        const UniqueFd fd = open_socket(AF_INET);
        ifreq request{};
        auto& wanted = reinterpret_cast<sockaddr_in&>(request.ifr_addr);
        wanted.sin_family = AF_INET;
        std::memcpy(&wanted.sin_addr, address.bytes.data() + 12, 4);
        std::snprintf(request.ifr_name, sizeof request.ifr_name, "lo:%d", ++aliases);
        require(::ioctl(fd.get(), SIOCSIFADDR, &request) == 0, "adding an IPv4 address");
        return;
    }
    RouteAnnouncements routes;
    const UniqueFd fd = open_socket(AF_INET6);
    in6_ifreq request{};
    std::memcpy(&request.ifr6_addr, address.bytes.data(), 16);
    request.ifr6_prefixlen = 128;
    request.ifr6_ifindex = static_cast<int>(kLoopback);
    require(::ioctl(fd.get(), SIOCSIFADDR, &request) == 0, "adding an IPv6 address");
    routes.await_route_to(address);
}

}  // namespace portal::gate
