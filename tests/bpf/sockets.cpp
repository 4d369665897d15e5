#include "bpf/sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace portal::gate {

namespace {

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd open_socket(int family) {
    UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    require(static_cast<bool>(fd), "socket");
    return fd;
}

void set_option(const UniqueFd& fd, int level, int option) {
    const int on = 1;
    require(::setsockopt(fd.get(), level, option, &on, sizeof on) == 0, "setsockopt");
}

// No TIME_WAIT, so that the same addresses can meet again.
void reset_on_close(const UniqueFd& fd) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    require(::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0,
            "setsockopt");
}

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    SocketAddress(const IpAddress& address, std::uint16_t port) {
        if (address.is_v4()) {
            auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
            v4.sin_family = AF_INET;
            v4.sin_port = htons(port);
            std::memcpy(&v4.sin_addr, address.bytes.data() + 12, 4);
            size = sizeof v4;
        } else {
            auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(port);
            std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
            size = sizeof v6;
        }
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

}  // namespace

UniqueFd listen_on(bool v4, std::uint16_t port) {
    UniqueFd fd = open_socket(v4 ? AF_INET : AF_INET6);
    set_option(fd, SOL_SOCKET, SO_REUSEADDR);
    if (v4) {
        set_option(fd, IPPROTO_IP, IP_TRANSPARENT);
    } else {
        set_option(fd, IPPROTO_IPV6, IPV6_TRANSPARENT);
        set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    }
    IpAddress any = v4 ? IpAddress::v4(std::array<std::uint8_t, 4>{}) : IpAddress{};
    const SocketAddress address(any, port);
    require(::bind(fd.get(), address.get(), address.size) == 0, "bind");
    require(::listen(fd.get(), 8) == 0, "listen");
    return fd;
}

Connection connect_over_loopback(const UniqueFd& listener, const IpAddress& client,
                                 std::uint16_t client_port, const IpAddress& server,
                                 std::uint16_t server_port) {
    Connection both;
    both.client = open_socket(client.is_v4() ? AF_INET : AF_INET6);
    set_option(both.client, SOL_SOCKET, SO_REUSEADDR);
    const SocketAddress from(client, client_port), to(server, server_port);
    require(::bind(both.client.get(), from.get(), from.size) == 0, "bind");
    require(::connect(both.client.get(), to.get(), to.size) == 0, "connect");
    both.server = UniqueFd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    require(static_cast<bool>(both.server), "accept");
    reset_on_close(both.client);
    reset_on_close(both.server);
    return both;
}

}  // namespace portal::gate
