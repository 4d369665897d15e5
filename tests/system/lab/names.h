// Names for the lab's hosts, without a resolver: /etc/hosts as every program started from here
// sees it.
#pragma once

#include <map>
#include <string>

#include "base/ip_address.h"
#include "system/lab/lab.h"

namespace portal::lab {

// Lies over /etc/hosts, in the mount namespace that the lab has made for this process, while it
// lives.
class Names {
  public:
    Names(const Lab& lab, const std::multimap<std::string, IpAddress>& names);
    ~Names();
    Names(const Names&) = delete;
    Names& operator=(const Names&) = delete;
};

}  // namespace portal::lab
