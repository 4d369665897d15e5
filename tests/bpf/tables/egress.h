// Frames to a client, and the reason each must get while that client is a stranger.
#pragma once

#include <string>
#include <vector>

#include "bpf/world.h"
#include "packets/packet.h"
#include "portal_abi.h"

namespace portal::gate {

enum class Origin { local, forwarded };

struct EgressRow {
    std::string description;
    packets::Bytes frame;
    Origin origin;
    reason stranger;
};

std::vector<EgressRow> egress_rows();

}  // namespace portal::gate
