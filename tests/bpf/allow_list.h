// What a stranger may send, written down a second time: from the rules, not from the dataplane's
// code, and without its parser. The two are held against each other.
#pragma once

#include <span>

#include <cstdint>

namespace portal::gate {

// Whether the venue of world.h lets a stranger's frame through its XDP program.
bool stranger_may_send(std::span<const std::uint8_t> frame);

}  // namespace portal::gate
