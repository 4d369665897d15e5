#include "unit/http/raw_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>

namespace portal::test {

namespace {

// A server that forgets a client makes a test fail, not hang.
constexpr timeval kPatience{.tv_sec = 20, .tv_usec = 0};

sockaddr_storage loopback(int family, std::uint16_t port, socklen_t& size) {
    sockaddr_storage address{};
    if (family == AF_INET) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(address);
        v4.sin_family = AF_INET;
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        v4.sin_port = htons(port);
        size = sizeof v4;
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
        v6.sin6_family = AF_INET6;
        v6.sin6_addr = in6addr_loopback;
        v6.sin6_port = htons(port);
        size = sizeof v6;
    }
    return address;
}

sockaddr_un unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), std::min(path.size(), sizeof address.sun_path - 1));
    return address;
}

UniqueFd connected(int family, const sockaddr* address, socklen_t size) {
    UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.get(), address, size), 0) << std::strerror(errno);
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    return socket;
}

}  // namespace

int RawResponse::status() const {
    int status = 0;
    if (status_line.size() > 12)
        std::from_chars(status_line.data() + 9, status_line.data() + 12, status);
    return status;
}

std::size_t RawResponse::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }));
}

std::string RawResponse::field(std::string_view name) const {
    EXPECT_LE(count(name), 1u) << name;
    for (const auto& [field_name, value] : fields)
        if (field_name == name) return value;
    return {};
}

RawClient RawClient::to_loopback(std::uint16_t port, int family) {
    socklen_t size = 0;
    const sockaddr_storage address = loopback(family, port, size);
    return RawClient(connected(family, reinterpret_cast<const sockaddr*>(&address), size));
}

RawClient RawClient::from_loopback(std::uint32_t source, std::uint16_t port) {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(source);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from), 0)
        << std::strerror(errno);
    socklen_t size = 0;
    const sockaddr_storage to = loopback(AF_INET, port, size);
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), size), 0)
        << std::strerror(errno);
    return RawClient(std::move(socket));
}

bool RawClient::reaches(std::uint16_t port) {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    socklen_t size = 0;
    const sockaddr_storage to = loopback(AF_INET, port, size);
    return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), size) == 0;
}

RawClient RawClient::to_unix(const std::string& path) {
    const sockaddr_un address = unix_address(path);
    return RawClient(
        connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::shutdown_send() {
    ::shutdown(fd(), SHUT_WR);
}

std::string RawClient::read_to_end() {
    std::string bytes;
    char buffer[4096];
    for (;;) {
        const ssize_t size = ::recv(fd(), buffer, sizeof buffer, 0);
        if (size > 0) {
            bytes.append(buffer, static_cast<std::size_t>(size));
            continue;
        }
        reset_ = size < 0 && errno == ECONNRESET;
        EXPECT_TRUE(size == 0 || reset_) << "the server did not close: " << std::strerror(errno);
        return bytes;
    }
}

std::string RawClient::read_response() {
    std::string bytes;
    char buffer[1];
    const auto whole = [&] {
        const std::size_t end = bytes.find("\r\n\r\n");
        if (end == std::string::npos) return false;
        const std::string length = parse_response(bytes).field("content-length");
        return bytes.size() >= end + 4 + (length.empty() ? 0 : std::stoul(length));
    };
    while (!whole()) {
        if (::recv(fd(), buffer, sizeof buffer, 0) != 1) {
            ADD_FAILURE() << "the server closed in the middle of: " << bytes;
            return bytes;
        }
        bytes += buffer[0];
    }
    return bytes;
}

RawResponse parse_response(std::string_view bytes) {
    RawResponse response;
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        ADD_FAILURE() << "no response: \"" << bytes << '"';
        return response;
    }
    std::string_view head = bytes.substr(0, end);
    response.body = bytes.substr(end + 4);
    const std::size_t first = head.find("\r\n");
    response.status_line = head.substr(0, first);
    head.remove_prefix(std::min(head.size(), first));
    while (head.starts_with("\r\n")) {
        head.remove_prefix(2);
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size());
        const std::size_t colon = line.find(": ");
        if (colon == std::string_view::npos) {
            ADD_FAILURE() << "no field: " << line;
            continue;
        }
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        response.fields.emplace_back(name, line.substr(colon + 2));
    }
    return response;
}

UniqueFd listen_on_loopback(int family) {
    UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    socklen_t size = 0;
    const sockaddr_storage address = loopback(family, 0, size);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket.get(), 64), 0);
    return socket;
}

UniqueFd listen_on_unix(const std::string& path) {
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = unix_address(path);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket.get(), 64), 0);
    return socket;
}

std::uint16_t port_of(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.ss_family == AF_INET
                     ? reinterpret_cast<const sockaddr_in&>(address).sin_port
                     : reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
}

}  // namespace portal::test
