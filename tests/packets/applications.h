// What rides on UDP while a client gets on the link: DHCP (RFC 2131, RFC 8415) and DNS (RFC 1035).
// Each begins with the UDP header.
#pragma once

#include <string_view>

#include "packets/packet.h"

namespace portal::packets {

Packet dhcp_discover(const Mac& client = kClientMac);
Packet dhcp_offer(const Mac& client = kClientMac, const IpAddress& address = kClient4);
Packet dhcpv6_solicit(const Mac& client = kClientMac);
Packet dhcpv6_advertise(const Mac& client = kClientMac);

Bytes dns_question(std::string_view name = "example.com");
Packet dns_query(std::string_view name = "example.com");

}  // namespace portal::packets
