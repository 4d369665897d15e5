// Neighbor discovery (RFC 4861) and MLD (RFC 2710, RFC 3810): what follows the IPv6 header, which
// must say hop limit 255, or 1 for MLD.
#pragma once

#include "packets/packet.h"

namespace portal::packets {

Packet router_solicitation(const Mac& source = kClientMac);
Packet router_advertisement(const Mac& source = kClientMac);
Packet neighbor_solicitation(const IpAddress& target, const Mac& source = kClientMac);
Packet neighbor_advertisement(const IpAddress& target, const Mac& source = kClientMac);
Packet redirect(const IpAddress& target, const IpAddress& destination);

// With the router alert.
Packet mld_query();
Packet mld_report(const IpAddress& group);
Packet mld_done(const IpAddress& group);
Packet mldv2_report(const IpAddress& group);

}  // namespace portal::packets
