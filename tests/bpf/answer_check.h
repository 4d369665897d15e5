// What every answer to a blocked frame must be, read from its bytes alone and without the code of
// the gate: well formed, right in its sums, small, and to who asked.
#pragma once

#include <string>

#include "packets/bytes.h"

namespace portal::gate {

// The first rule that `answer` to `frame` breaks; empty if none.
std::string broken_rule(const packets::Bytes& frame, const packets::Bytes& answer);

}  // namespace portal::gate
