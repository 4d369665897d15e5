// A client as operators see it: its session, with where and with which addresses it was seen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/gate.h"
#include "control/session_manager.h"
#include "control/topology.h"
#include "domain/client.h"

namespace portal::control {

struct ClientView {
    ClientId id;
    ClientState state = ClientState::stranger;
    std::vector<IpAddress> ip = {};  // IPv4 first, each family sorted
    std::optional<std::string> user = {};
    std::optional<std::string> method = {};
    std::optional<std::string> policy = {};
    std::optional<WallTime> signed_in_at = {};
    std::optional<WallTime> expires_at = {};
    std::optional<Seconds> idle_timeout = {};
    Usage usage = {};
    std::optional<WallTime> last_seen = {};
    std::optional<std::string> interface = {};
};

// One thread.
class ClientViews {
  public:
    // All must outlive this.
    ClientViews(const SessionManager& sessions, const Gate& gate, const Clock& clock)
        : sessions_(sessions), gate_(gate), clock_(clock) {}

    // The names of links, for showing.
    void set_topology(Topology topology) { topology_ = std::move(topology); }

    // Every client with a session, and every stranger seen; sorted by MAC address and VLAN.
    Result<std::vector<ClientView>> list() const;
    // None where there is neither a session nor a trace of it.
    Result<std::optional<ClientView>> find(const ClientId& client) const;
    // A client that may have been seen by nobody yet.
    Result<ClientView> show(const ClientId& client) const;

  private:
    const SessionManager& sessions_;
    const Gate& gate_;
    const Clock& clock_;
    Topology topology_;
};

}  // namespace portal::control
