#include "bpf/model/model.h"

#include "bpf/model/answer.h"
#include "bpf/model/member.h"
#include "bpf/model/place.h"
#include "bpf/model/stranger.h"
#include "bpf/world.h"

namespace portal::model {

const client* Model::find(const Key& key, std::uint64_t at) const {
    const auto entry = clients.find(key);
    return entry != clients.end() && counts(entry->second, at) ? &entry->second : nullptr;
}

Verdict Model::ingress(const Frame& frame, std::uint64_t at) const {
    if (frame.link_faults.any()) return drop(frame.link_faults);
    const client* entry = find({frame.source, frame.vlan}, at);
    return entry != nullptr ? member_sends(frame, *entry) : stranger_sends(frame);
}

// To the portal's own address, where the responder is the server.
bool Model::is_the_portals(const Frame& frame) const {
    if (!frame.is_ip() || !frame.is_sound() || frame.protocol != 6) return false;
    if (!has_role(*frame.dst, ADDRESS_PORTAL)) return false;
    return frame.destination_port() == gate::kHttpPort ||
           (https && frame.destination_port() == gate::kHttpsPort);
}

bool Model::is_the_responders(const Frame& frame, const Verdict& verdict) const {
    return verdict.reasons.test(REASON_STEERED) || (verdict.passes && is_the_portals(frame));
}

Routing Model::route(const Frame& frame, std::uint64_t at) {
    const Verdict verdict = ingress(frame, at);
    if (!verdict.passes) return {Course::dropped, verdict.reasons};
    if (!is_the_responders(frame, verdict)) return {Course::ordinary, {}};
    if (!joins_its_own(origins, frame))
        return {Course::dropped, reasons({REASON_STEER_FOREIGN_FLOW})};
    return {Course::responder, {}};
}

Verdict Model::egress(const Frame& frame, Sender sender, std::uint64_t at) const {
    const client* entry = find({frame.destination, frame.vlan}, at);
    return entry != nullptr ? member_receives(frame, *entry, sender)
                            : stranger_receives(frame, sender == Sender::gateway);
}

}  // namespace portal::model
