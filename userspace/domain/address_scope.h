// Which addresses a name of the walled garden may lead to.
#pragma once

#include "base/ip_address.h"

namespace portal {

enum class AddressScope {
    global,    // any host's
    internal,  // of networks that are nobody's on the internet: RFC 1918, RFC 6598, RFC 4193
    nowhere,   // no host's, or of this host or link alone
};

// What an IPv6 address carries of IPv4, by NAT64's well-known prefix (RFC 6052), is judged as such.
AddressScope scope_of(const IpAddress& address);

}  // namespace portal
