#include "bpf/model/member.h"

#include "bpf/model/place.h"

namespace portal::model {

Verdict member_sends(const Frame& frame, const client& entry) {
    if (entry.state == CLIENT_BLOCKED) return drop(REASON_BLOCKED);
    if (frame.src && has_role(*frame.src, ADDRESS_GATEWAY)) return drop(REASON_SOURCE_ADDRESS);
    return pass(entry.state == CLIENT_TRUSTED ? REASON_TRUSTED : REASON_AUTHORIZED);
}

Verdict member_receives(const client& entry) {
    switch (entry.state) {
        case CLIENT_BLOCKED:
            return drop(REASON_TX_BLOCKED);
        case CLIENT_TRUSTED:
            return pass(REASON_TX_TRUSTED);
        default:
            return pass(REASON_TX_AUTHORIZED);
    }
}

}  // namespace portal::model
