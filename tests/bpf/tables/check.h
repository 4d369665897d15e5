// Runs the tables and holds each frame's fate against its row, with EXPECT. Each returns the
// reasons that were given.
#pragma once

#include <set>

#include "bpf/gate.h"

namespace portal::gate {

using Reasons = std::set<int>;

// What the gate knows of a client.
enum class Standing { unknown, expired, idle, authorized, trusted, blocked };

constexpr Standing kStandings[] = {Standing::unknown,    Standing::expired, Standing::idle,
                                   Standing::authorized, Standing::trusted, Standing::blocked};

const char* name_of(Standing standing);

// Makes it so; `slot` counts its traffic.
void set_standing(Gate& gate, const client_key& key, Standing standing, std::uint32_t slot = 0);

Reasons check_ingress(Gate& gate, Standing standing);

// TC without a note, a stranger's frames. Port 80 must get `web`: depending on the listeners, a
// reason to drop.
Reasons check_steer(Gate& gate, reason web);

Reasons check_egress(Gate& gate, Standing standing);

}  // namespace portal::gate
