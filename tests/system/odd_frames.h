// Frames that well-behaved stations do not send: well-formed ones bent in every way that has
// let traffic around a filter somewhere.
#pragma once

#include <vector>

#include "packets/packet.h"

namespace portal::system_test {

// The same ones on every run. None is from `spared`.
std::vector<packets::Bytes> odd_frames(const Mac& spared);

}  // namespace portal::system_test
