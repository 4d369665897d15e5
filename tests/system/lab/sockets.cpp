#include "system/lab/sockets.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>

#include "system/lab/failure.h"

namespace portal::lab {

namespace {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress socket_address(const Endpoint& endpoint) {
    SocketAddress result;
    if (endpoint.address.is_v4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, endpoint.address.bytes.data() + 12, 4);
        std::memcpy(&result.storage, &v4, sizeof v4);
        result.size = sizeof v4;
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        std::memcpy(&v6.sin6_addr, endpoint.address.bytes.data(), 16);
        std::memcpy(&result.storage, &v6, sizeof v6);
        result.size = sizeof v6;
    }
    return result;
}

Endpoint endpoint_of(const SocketAddress& address) {
    if (address.storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.storage, sizeof v4);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
        return {IpAddress::v4(bytes), ntohs(v4.sin_port)};
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address.storage, sizeof v6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return {IpAddress::v6(bytes), ntohs(v6.sin6_port)};
}

UniqueFd open_socket(const NetNamespace& host, const Endpoint& for_family, int type) {
    const int family = for_family.address.is_v4() ? AF_INET : AF_INET6;
    return host.run(
        [&] { return UniqueFd(must(::socket(family, type | SOCK_CLOEXEC, 0), "socket")); });
}

UniqueFd bound(const NetNamespace& host, const Endpoint& at, int type) {
    UniqueFd fd = open_socket(host, at, type);
    const int yes = 1;
    must(::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "SO_REUSEADDR");
    const SocketAddress address = socket_address(at);
    must(::bind(fd.get(), address.get(), address.size), "bind " + at.address.to_string());
    return fd;
}

}  // namespace

UniqueFd listen_tcp(const NetNamespace& host, const Endpoint& at) {
    UniqueFd fd = bound(host, at, SOCK_STREAM);
    must(::listen(fd.get(), 128), "listen");
    return fd;
}

UniqueFd accept_tcp(const UniqueFd& listener) {
    return UniqueFd(must(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
}

void send_stream(const UniqueFd& socket, const std::string& data) {
    must(::send(socket.get(), data.data(), data.size(), MSG_NOSIGNAL), "send");
}

std::uint16_t local_port(const UniqueFd& socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    must(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    // At the same place for both families.
    in_port_t port = 0;
    std::memcpy(&port, reinterpret_cast<const char*>(&address) + offsetof(sockaddr_in, sin_port),
                sizeof port);
    return ntohs(port);
}

UniqueFd bind_udp(const NetNamespace& host, const Endpoint& at) {
    return bound(host, at, SOCK_DGRAM);
}

void send_udp(const UniqueFd& socket, const Endpoint& to, const std::string& data) {
    const SocketAddress address = socket_address(to);
    must(::sendto(socket.get(), data.data(), data.size(), 0, address.get(), address.size),
         "sendto");
}

std::optional<std::string> receive(const UniqueFd& socket, std::chrono::milliseconds patience) {
    pollfd wanted{.fd = socket.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    std::string data(65536, '\0');
    const ssize_t length = ::recv(socket.get(), data.data(), data.size(), 0);
    if (length <= 0) return std::nullopt;
    data.resize(static_cast<std::size_t>(length));
    return data;
}

std::optional<Datagram> receive_udp(const UniqueFd& socket, std::chrono::milliseconds patience) {
    pollfd wanted{.fd = socket.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    std::string data(65536, '\0');
    SocketAddress from;
    from.size = sizeof from.storage;
    const ssize_t length = ::recvfrom(socket.get(), data.data(), data.size(), 0,
                                      reinterpret_cast<sockaddr*>(&from.storage), &from.size);
    if (length < 0) return std::nullopt;
    data.resize(static_cast<std::size_t>(length));
    return Datagram{endpoint_of(from), std::move(data)};
}

Attempt connect_tcp(const NetNamespace& from, const Endpoint& to,
                    std::chrono::milliseconds patience) {
    Attempt attempt{.reach = Reach::silent,
                    .socket = open_socket(from, to, SOCK_STREAM | SOCK_NONBLOCK)};
    const SocketAddress address = socket_address(to);
    const auto verdict = [&](int error) {
        if (error == 0) return Reach::open;
        if (error == ECONNREFUSED || error == ECONNRESET) return Reach::refused;
        errno = error;
        fail_errno("connect " + to.address.to_string());
    };
    if (::connect(attempt.socket.get(), address.get(), address.size) < 0 && errno != EINPROGRESS) {
        attempt.reach = verdict(errno);
        return attempt;
    }
    pollfd wanted{.fd = attempt.socket.get(), .events = POLLOUT, .revents = 0};
    if (::poll(&wanted, 1, static_cast<int>(patience.count())) <= 0) return attempt;
    int error = 0;
    socklen_t size = sizeof error;
    must(::getsockopt(attempt.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size), "SO_ERROR");
    attempt.reach = verdict(error);
    return attempt;
}

UniqueFd connect_unix(const std::filesystem::path& path) {
    UniqueFd fd(must(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    must(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), path);
    return fd;
}

Reach reach(const NetNamespace& from, const Endpoint& to) {
    return connect_tcp(from, to, std::chrono::milliseconds(300)).reach;
}

}  // namespace portal::lab
