#include "bpf/model/flow.h"

namespace portal::model {

Flow flow_of(const Frame& frame) {
    return {*frame.src, *frame.dst, frame.source_port(), frame.destination_port()};
}

bool joins_its_own(Origins& origins, const Frame& frame) {
    constexpr unsigned kSyn = 0x02, kAck = 0x10;
    const Flow flow = flow_of(frame);
    const Key sender{frame.source, frame.vlan};
    if ((frame.transport[13] & (kSyn | kAck)) == kSyn) {
        origins[flow] = sender;
        return true;
    }
    const auto known = origins.find(flow);
    return known == origins.end() || known->second == sender;
}

}  // namespace portal::model
