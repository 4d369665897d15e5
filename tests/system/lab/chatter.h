// What a host sends on its own account: who is there, and what it listens to.
#pragma once

#include "packets/bytes.h"

namespace portal::lab {

// ARP, neighbor discovery (RFC 4861) and MLD (RFC 3810) that a router cannot have forwarded: by
// its hop limit, neither has come through one.
bool is_chatter(const packets::Bytes& frame);

}  // namespace portal::lab
