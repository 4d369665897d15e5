// A network namespace of this process's own, so that frames and sockets of a test meet nobody.
#pragma once

#include "base/ip_address.h"

namespace portal::gate {

// The loopback device, the one device such a namespace is born with.
inline constexpr unsigned kLoopback = 1;

// Moves the process there, with loopback up; once, further calls do nothing. Throws
// std::system_error, as without root.
void enter_private_network();

// Gives loopback one more address. Throws std::system_error.
void add_loopback_address(const IpAddress& address);

}  // namespace portal::gate
