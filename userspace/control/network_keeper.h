// Keeps the gate on the client interfaces, and the host's network as steering needs it, while
// interfaces, addresses and other people's scripts come and go.
//
// One thread. What fails while running is logged once and tried again; enforcement that is there
// stays.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/event_bus.h"
#include "control/gate.h"
#include "control/host.h"
#include "control/topology.h"
#include "dataplane/network.h"

namespace portal::control {

class NetworkKeeper {
  public:
    struct Settings {
        std::vector<std::string> client_interfaces;
        std::vector<IpAddress> resolvers;
        dataplane::PolicyRoute route;
        bool https = false;  // the responder speaks TLS on the portal's addresses
    };

    // All must outlive this.
    NetworkKeeper(Gate& gate, Host& host, const Clock& clock, EventBus& events, Settings settings);

    // Called whenever the topology was read anew.
    void on_topology(std::function<void(const Topology&)> watcher) {
        watcher_ = std::move(watcher);
    }

    // Brings everything about. ErrorCode::not_found: a client interface does not exist.
    Status start();

    // After a change of links, addresses, routes or rules.
    void refresh();

    // Whether the programs are still where they belong, which nobody announces; every 5 s.
    void check();

    // On failure the former are in force.
    Status set_services(std::vector<IpAddress> resolvers, bool https);

    const Settings& settings() const { return settings_; }
    const Topology& topology() const { return topology_; }

  private:
    struct Interface {
        unsigned index = 0;  // 0: not there
        bool attached = false;
        bool warned = false;    // that the driver takes VLAN tags off
        std::string complaint;  // the last one logged
    };

    Status read_topology();
    Status apply_addresses(const std::vector<IpAddress>& resolvers, bool https);
    // Of the clients' links, if there is something new.
    Status tell_links();
    Status close_gate_on(const dataplane::Link& link);
    Status prepare(const dataplane::Link& link);
    Status accept_own_addresses();
    Status keep_host();
    void follow(const std::string& name, Interface& interface);
    Status keep_route();
    void attach_again(const std::string& name);
    void report(EventType type, const std::string& interface, std::string detail);
    void complain_once(std::string& last, const Status& status);

    Gate& gate_;
    Host& host_;
    const Clock& clock_;
    EventBus& events_;
    Settings settings_;
    std::function<void(const Topology&)> watcher_;
    Topology topology_;
    std::vector<dataplane::AddressRoles> roles_;    // in force
    std::vector<dataplane::LinkNetwork> networks_;  // likewise
    std::vector<dataplane::ClientLink> links_;      // likewise
    std::map<std::string, Interface> interfaces_;
    std::string complaint_;  // the last one logged that is of no interface
};

}  // namespace portal::control
