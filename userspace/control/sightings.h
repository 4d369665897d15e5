// What the gate has seen of clients, as operators are told of it.
#pragma once

#include <vector>

#include "base/time.h"
#include "control/event.h"
#include "control/session_manager.h"
#include "control/topology.h"
#include "dataplane/event_ring.h"

namespace portal::control {

// A stranger with the MAC address of a session on another VLAN is two events: it is a stranger, and
// may be a forger. So is a device that changes networks and keeps its address.
std::vector<Event> events_of(const dataplane::KernelEvent& seen, const SessionManager& sessions,
                             const Topology& topology, WallTime now);

}  // namespace portal::control
