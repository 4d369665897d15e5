// One well-formed frame of every kind a client sends: where mutation and fuzzing start from.
#pragma once

#include <vector>

#include "packets/bytes.h"

namespace portal::packets {

std::vector<Bytes> sample_frames();

}  // namespace portal::packets
