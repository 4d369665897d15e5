// A frame that closes a row of others: once it has arrived, so has all that was sent before it
// and was let through.
#pragma once

#include <algorithm>
#include <string_view>

#include "packets/packet.h"

namespace portal::system_test {

inline constexpr std::string_view kLastMark = "the last of this row of frames";

// `around`, from Ethernet to IP, with the mark inside.
inline packets::Bytes last_frame(const packets::Packet& around) {
    return around / packets::UDP{.dport = 9000} / packets::Payload(kLastMark);
}

inline bool is_last_frame(const packets::Bytes& frame) {
    return std::ranges::search(frame, kLastMark).begin() != frame.end();
}

}  // namespace portal::system_test
