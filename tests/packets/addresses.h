// The addresses frames carry unless told otherwise, all from the ranges reserved for documentation
// (RFC 5737, RFC 3849) and from locally administered MACs.
#pragma once

#include <string_view>

#include "base/ip_address.h"
#include "base/mac.h"

namespace portal::packets {

// Literals of the tests: a mistake in one aborts.
Mac mac(std::string_view text);
IpAddress ip(std::string_view text);

inline const Mac kGatewayMac = mac("02:00:00:00:00:01");
inline const Mac kClientMac = mac("02:00:00:00:00:64");
inline const Mac kOtherMac = mac("02:00:00:00:00:65");
inline const Mac kBroadcastMac = mac("ff:ff:ff:ff:ff:ff");

// The gateway, towards the clients.
inline const IpAddress kGateway4 = ip("192.0.2.1");
inline const IpAddress kGateway6 = ip("2001:db8::1");
inline const IpAddress kGatewayLinkLocal = ip("fe80::1");

inline const IpAddress kClient4 = ip("192.0.2.100");
inline const IpAddress kClient6 = ip("2001:db8::100");
inline const IpAddress kClientLinkLocal = ip("fe80::64");

// A web server on the Internet.
inline const IpAddress kServer4 = ip("203.0.113.80");
inline const IpAddress kServer6 = ip("2001:db8:ffff::80");

}  // namespace portal::packets
