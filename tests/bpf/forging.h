// Clients that are not who they say, and traffic between clients.
#pragma once

#include "bpf/gate.h"

namespace portal::gate {

// A client whose addresses are its own alone.
void bind_client(Gate& gate, const client_key& key, std::uint32_t slot);

// A signed-in client sends from the address of another, to which it is bound.
Outcome use_anothers_address(Gate& gate);

// What one client sends to another, on its way out.
Outcome send_between_clients(Gate& gate);

}  // namespace portal::gate
