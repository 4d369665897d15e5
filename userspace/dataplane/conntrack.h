// The kernel's table of connections (ctnetlink): what a client had open, and NAT mappings, go with
// its session.
#pragma once

#include <cstddef>
#include <functional>
#include <set>

#include "base/error.h"
#include "base/ip_address.h"
#include "domain/flow.h"

namespace portal::dataplane {

// Forgets every connection that one of `clients` has opened, or that was opened to it, unless
// `keep` says otherwise of a TCP connection that it opened. Returns how many. A kernel without
// connection tracking has none. Takes time by the number of connections there are: not on the
// event loop.
Result<std::size_t> forget_connections(const std::set<IpAddress>& clients,
                                       const std::function<bool(const Flow&)>& keep);

}  // namespace portal::dataplane
