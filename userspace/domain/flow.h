// A TCP connection as a socket of this host sees it: peer and local address.
#pragma once

#include <cstdint>

#include "base/ip_address.h"

namespace portal {

struct Flow {
    IpAddress client;
    std::uint16_t client_port = 0;  // host byte order
    IpAddress server;
    std::uint16_t server_port = 0;

    bool operator==(const Flow&) const = default;
};

}  // namespace portal
