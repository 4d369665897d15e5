// The gateway's resolver, by dnsmasq: any name leads to the internet's web server, the portal's
// to the gateway, over IPv4 and IPv6. As a captive network's should, it says nothing else to a
// stranger than to a guest (RFC 8952 §1).
#pragma once

#include "system/lab/lab.h"
#include "system/lab/process.h"

namespace portal::lab {

inline constexpr const char* kPortalName = "portal.test";

// What a host's /etc/resolv.conf says, for it to ask the resolver.
inline constexpr const char* kResolvConf = "nameserver 192.0.2.1\n";

class Resolver {
  public:
    explicit Resolver(const Lab& lab);

  private:
    Process process_;
};

}  // namespace portal::lab
