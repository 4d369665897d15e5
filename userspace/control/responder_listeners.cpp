#include "control/responder_listeners.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace portal::control {

namespace {

constexpr int kBacklog = 4096;

Status set_option(int socket, int level, int option) {
    const int on = 1;
    if (setsockopt(socket, level, option, &on, sizeof on) == 0) return {};
    return fail_errno("cannot make the responder's socket transparent",
                      "portald needs CAP_NET_ADMIN; start it as root or by its systemd unit");
}

Result<UniqueFd> open_socket(int family) {
    UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return fail_errno("cannot open a socket for the responder");
    return socket;
}

template <typename Address>
Status listen_on(int socket, const Address& address) {
    if (bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail_errno("cannot bind the responder's socket to loopback",
                          "is the interface lo up?");
    if (listen(socket, kBacklog) != 0) return fail_errno("cannot listen for the responder");
    return {};
}

Result<UniqueFd> open_ipv4() {
    TRY_ASSIGN(UniqueFd socket, open_socket(AF_INET));
    TRY(set_option(socket.get(), IPPROTO_IP, IP_TRANSPARENT));
    sockaddr_in loopback{};
    loopback.sin_family = AF_INET;
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    TRY(listen_on(socket.get(), loopback));
    return socket;
}

Result<UniqueFd> open_ipv6() {
    TRY_ASSIGN(UniqueFd socket, open_socket(AF_INET6));
    TRY(set_option(socket.get(), IPPROTO_IPV6, IPV6_TRANSPARENT));
    TRY(set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY));
    sockaddr_in6 loopback{};
    loopback.sin6_family = AF_INET6;
    loopback.sin6_addr = in6addr_loopback;
    TRY(listen_on(socket.get(), loopback));
    return socket;
}

}  // namespace

Result<ResponderListeners> open_responder_listeners() {
    ResponderListeners listeners;
    TRY_ASSIGN(listeners.http4, open_ipv4());
    TRY_ASSIGN(listeners.http6, open_ipv6());
    TRY_ASSIGN(listeners.https4, open_ipv4());
    TRY_ASSIGN(listeners.https6, open_ipv6());
    return listeners;
}

}  // namespace portal::control
