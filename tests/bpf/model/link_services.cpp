#include "bpf/model/link_services.h"

#include "bpf/model/place.h"
#include "packets/addresses.h"

namespace portal::model {

namespace {

bool advertises_the_gateway(const Frame& frame) {
    return frame.transport[0] == 136 &&
           has_role(IpAddress::v6(frame.transport.subspan<8, 16>()), ADDRESS_GATEWAY);
}

}  // namespace

bool asks_for_an_address(const Frame& frame) {
    const bool to_gateway = has_role(*frame.dst, ADDRESS_PORTAL);
    const unsigned from = frame.source_port(), to = frame.destination_port();
    if (frame.dst->is_v4())
        return from == 68 && to == 67 &&
               (to_gateway || *frame.dst == packets::ip("255.255.255.255"));
    return to == 547 && (to_gateway || *frame.dst == packets::ip("ff02::1:2"));
}

bool is_discovery(const Frame& frame) {
    return frame.is_sound() && frame.protocol == 58 && frame.transport[0] >= 133 &&
           frame.transport[0] <= 137;
}

reason discovery(const Frame& frame) {
    const bool on_link = frame.hop_limit == 255 && stays_on_the_link(*frame.dst);
    switch (frame.transport[0]) {
        case 133:
            return on_link ? REASON_NEIGHBOR_DISCOVERY : REASON_ND_INVALID;
        case 135:
        case 136:
            return on_link && frame.transport.size() >= 24 && !advertises_the_gateway(frame)
                       ? REASON_NEIGHBOR_DISCOVERY
                       : REASON_ND_INVALID;
        default:
            return REASON_ROGUE_SERVER;
    }
}

}  // namespace portal::model
