#include "control/remote_listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

namespace portal::control {

namespace {

constexpr int kBacklog = 128;

struct AddressDeleter {
    void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, AddressDeleter>;

Result<Addresses> parse(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), text.substr(colon + 1).c_str(), &hints, &found);
    if (error != 0) return fail(ErrorCode::invalid, gai_strerror(error));
    return Addresses(found);
}

Result<UniqueFd> listen_on(const std::string& text) {
    TRY_ASSIGN(const Addresses address, parse(text));
    UniqueFd socket(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return fail_errno("cannot open a socket");
    const int on = 1;
    if (setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return fail_errno("SO_REUSEADDR");
    if (address->ai_family == AF_INET6 &&
        setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0)
        return fail_errno("IPV6_V6ONLY");
    if (bind(socket.get(), address->ai_addr, address->ai_addrlen) != 0)
        return fail_errno("cannot bind", errno == EACCES
                                             ? "take a port from 1024"
                                             : "give an address of this host, and a free port");
    if (listen(socket.get(), kBacklog) != 0) return fail_errno("cannot listen");
    return socket;
}

}  // namespace

Result<UniqueFd> open_remote_listener(const std::string& address) {
    auto socket = listen_on(address);
    if (!socket)
        return std::unexpected(within("remote.listen: " + address, std::move(socket).error()));
    return socket;
}

}  // namespace portal::control
