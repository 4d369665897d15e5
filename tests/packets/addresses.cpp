#include "packets/addresses.h"

#include <cstdlib>

namespace portal::packets {

Mac mac(std::string_view text) {
    const auto parsed = parse_mac(text);
    if (!parsed) std::abort();
    return *parsed;
}

IpAddress ip(std::string_view text) {
    const auto parsed = parse_ip_address(text);
    if (!parsed) std::abort();
    return *parsed;
}

}  // namespace portal::packets
