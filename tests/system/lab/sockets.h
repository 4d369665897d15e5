// Sockets on the lab's hosts.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/ip_address.h"
#include "base/unique_fd.h"
#include "system/lab/net_namespace.h"

namespace portal::lab {

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;
};

UniqueFd listen_tcp(const NetNamespace& host, const Endpoint& at);
// A connection that waits at the listener.
UniqueFd accept_tcp(const UniqueFd& listener);
void send_stream(const UniqueFd& socket, const std::string& data);
std::uint16_t local_port(const UniqueFd& socket);
UniqueFd bind_udp(const NetNamespace& host, const Endpoint& at);
void send_udp(const UniqueFd& socket, const Endpoint& to, const std::string& data);

// What arrives on a socket, at most 64 KiB; none if nothing does in `patience`, or it has ended.
std::optional<std::string> receive(const UniqueFd& socket, std::chrono::milliseconds patience);

// The same with where it came from.
struct Datagram {
    Endpoint from;
    std::string data;
};
std::optional<Datagram> receive_udp(const UniqueFd& socket, std::chrono::milliseconds patience);

// A connection; none when it is refused or not answered in `patience`.
enum class Reach { open, refused, silent };
struct Attempt {
    Reach reach = Reach::silent;
    UniqueFd socket;
};
Attempt connect_tcp(const NetNamespace& from, const Endpoint& to,
                    std::chrono::milliseconds patience = std::chrono::seconds(5));

UniqueFd connect_unix(const std::filesystem::path& path);

// Whether a port answers. Long enough for any answer within one machine.
Reach reach(const NetNamespace& from, const Endpoint& to);

}  // namespace portal::lab
