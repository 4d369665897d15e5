#include "system/lab/chatter.h"

namespace portal::lab {

namespace {

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kIpv6 = 40;
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kIcmpv6 = 58;

}  // namespace

bool is_chatter(const packets::Bytes& frame) {
    if (frame.size() < kEthernet) return false;
    const unsigned ethertype = static_cast<unsigned>(frame[12] << 8 | frame[13]);
    if (ethertype == 0x0806) return true;
    if (ethertype != 0x86dd || frame.size() < kEthernet + kIpv6 + 1) return false;
    const std::uint8_t next = frame[kEthernet + 6];
    const std::uint8_t hop_limit = frame[kEthernet + 7];
    if (next == kHopByHop) return hop_limit == 1;
    const std::uint8_t type = frame[kEthernet + kIpv6];
    return next == kIcmpv6 && hop_limit == 255 && type >= 133 && type <= 137;
}

}  // namespace portal::lab
