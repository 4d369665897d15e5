#include "packets/layer.h"

#include <span>

namespace portal::packets {

std::uint32_t pseudo_header_sum(const std::optional<Enclosing>& ip, std::uint8_t protocol,
                                std::size_t length) {
    if (!ip) return 0;
    const std::size_t skip = ip->src.is_v4() ? 12 : 0;
    std::uint32_t sum = protocol + static_cast<std::uint32_t>(length);
    sum = partial_sum(std::span(ip->src.bytes).subspan(skip), sum);
    return partial_sum(std::span(ip->dst.bytes).subspan(skip), sum);
}

}  // namespace portal::packets
