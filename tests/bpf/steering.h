// What steering needs around it: listeners in the map, connections on record.
#pragma once

#include "base/unique_fd.h"
#include "bpf/gate.h"
#include "bpf/world.h"

namespace portal::gate {

// The responder's sockets for HTTP or HTTPS, listening on that port of this namespace and put into
// `listeners`.
class Listeners {
  public:
    explicit Listeners(Gate& gate, std::uint16_t port = kHttpPort);

    const UniqueFd& of(const Family& family) const;

  private:
    UniqueFd v4_;
    UniqueFd v6_;
};

// The connection of the family's client, port 40000, to the family's server, port 80.
flow web_flow(const Family& family);

// A segment of it, from the MAC given.
packets::Bytes segment(const Family& family, std::uint8_t flags,
                       const Mac& from = packets::kClientMac);

// A frame from the client for a connection that another has opened. Leaves no trace.
Outcome join_anothers_flow(Gate& gate);

}  // namespace portal::gate
