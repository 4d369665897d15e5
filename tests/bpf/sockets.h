// Real sockets, for the programs to find.
#pragma once

#include <cstdint>

#include "base/ip_address.h"
#include "base/unique_fd.h"

namespace portal::gate {

// A listening TCP socket for any address, IP_TRANSPARENT. Throws std::system_error.
UniqueFd listen_on(bool v4, std::uint16_t port);

// A connection over loopback, from `client` to `server`, both added to loopback before.
struct Connection {
    UniqueFd client;
    UniqueFd server;
};
Connection connect_over_loopback(const UniqueFd& listener, const IpAddress& client,
                                 std::uint16_t client_port, const IpAddress& server,
                                 std::uint16_t server_port);

}  // namespace portal::gate
