// Connections to the responder, and whose they are: no client joins another's.
#pragma once

#include <map>

#include "base/ip_address.h"
#include "bpf/model/client.h"
#include "bpf/model/frame.h"

namespace portal::model {

struct Flow {
    IpAddress client, server;
    std::uint16_t client_port = 0, server_port = 0;
    auto operator<=>(const Flow&) const = default;
};

Flow flow_of(const Frame& frame);

// Who sent the SYN, the last one if there were several.
using Origins = std::map<Flow, Key>;

// Whether the responder may have the segment. Remembers who opens what.
bool joins_its_own(Origins& origins, const Frame& frame);

}  // namespace portal::model
