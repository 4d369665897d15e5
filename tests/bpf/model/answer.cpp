#include "bpf/model/answer.h"

#include <set>

#include "bpf/model/place.h"
#include "bpf/world.h"

namespace portal::model {

namespace {

// What the gateway says to get and keep its clients on the link, whatever is in it.
bool runs_the_link(const Frame& frame) {
    if (frame.ethertype == 0x0806 || frame.ethertype == 0x888e) return true;
    const bool is_igmp = frame.ethertype == 0x0800 && frame.protocol == 2;
    return is_igmp && frame.link_faults.none();
}

bool is_from_the_garden(const Frame& frame) {
    if (frame.to_group()) return false;
    if (frame.protocol == 6 || frame.protocol == 17)
        return in_garden(*frame.src, frame.protocol, frame.source_port());
    return (frame.protocol == 1 || frame.protocol == 58) &&
           in_garden(*frame.src, frame.protocol, std::nullopt);
}

bool is_from_the_portal(const Frame& frame) {
    return has_role(*frame.src, ADDRESS_PORTAL) &&
           (frame.source_port() == gate::kHttpPort || frame.source_port() == gate::kHttpsPort);
}

bool answers(const Frame& frame, bool local) {
    static const std::set<unsigned> kIcmp = {0, 3, 11, 12};
    // Errors, an echo, MLD, router and neighbor discovery; no redirect.
    static const std::set<unsigned> kIcmpv6 = {1, 2, 3, 4, 129, 130, 131, 132, 134, 135, 136, 143};
    switch (frame.protocol) {
        case 6:
            // Whoever was asked at port 80, the responder answers.
            if (local && frame.source_port() == 80) return true;
            return (frame.source_port() == 53 && has_role(*frame.src, ADDRESS_RESOLVER)) ||
                   is_from_the_portal(frame);
        case 17:
            if (frame.source_port() == 53) return has_role(*frame.src, ADDRESS_RESOLVER);
            return local && ((frame.source_port() == 67 && frame.destination_port() == 68) ||
                             (frame.source_port() == 547 && frame.destination_port() == 546));
        case 1:
            return local && kIcmp.contains(frame.transport[0]);
        case 58:
            return local && kIcmpv6.contains(frame.transport[0]);
        default:
            return false;
    }
}

}  // namespace

Verdict stranger_receives(const Frame& frame, bool local) {
    if (local && runs_the_link(frame)) return pass(REASON_TX_ANSWER);
    if (!frame.is_sound() || !frame.is_ip()) return drop(REASON_TX_STRANGER);
    return answers(frame, local) || is_from_the_garden(frame) ? pass(REASON_TX_ANSWER)
                                                              : drop(REASON_TX_STRANGER);
}

}  // namespace portal::model
