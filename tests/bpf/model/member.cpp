#include "bpf/model/member.h"

#include "bpf/model/link_services.h"
#include "bpf/model/place.h"

namespace portal::model {

namespace {

// Known to be for this link only, or not known to be for more.
bool stays_on_the_link(const Frame& frame) {
    if (!frame.src) return true;
    if (frame.src->is_unspecified()) return true;
    const auto is_local = [](const IpAddress& address) {
        return !address.is_v4() && address.is_link_local();
    };
    const bool to_link_group =
        frame.dst->bytes[0] == 0xff && (frame.dst->bytes[1] & 0x0f) == 0x02;
    return is_local(*frame.src) || is_local(*frame.dst) || to_link_group;
}

// What only the gateway says on the link, or what may hide it.
Reasons roguery(const Frame& frame) {
    if (!frame.is_sound()) {
        const bool may_hide_it =
            frame.ethertype == 0x0806 ||
            (frame.ethertype == 0x86dd && stays_on_the_link(frame)) ||
            (frame.ethertype == 0x0800 && frame.protocol == 17 && frame.to_group());
        return may_hide_it ? frame.faults : Reasons{};
    }
    if (frame.is_ip() && frame.protocol == 17 &&
        frame.destination_port() == (frame.dst->is_v4() ? 68 : 546))
        return reasons({REASON_ROGUE_SERVER});
    if (is_discovery(frame) && discovery(frame) != REASON_NEIGHBOR_DISCOVERY)
        return reasons({discovery(frame)});
    return {};
}

bool may_lack_an_address(const Frame& frame) {
    if (frame.ethertype == 0x0806) return true;
    if (frame.ethertype == 0x0800 && frame.protocol == 2) return true;
    if (!frame.is_sound()) return false;
    if (frame.protocol == 17) return asks_for_an_address(frame);
    if (frame.protocol != 58) return false;
    switch (frame.transport[0]) {
        case 131:
        case 132:
        case 133:
        case 135:
        case 143:
            return true;
        default:
            return false;
    }
}

// Resolution and group membership, whose answers stay here whatever the source.
bool is_link_message(const Frame& frame) {
    if (frame.ethertype == 0x0806) return true;
    if (!frame.is_sound() || frame.protocol != 58 || !model::stays_on_the_link(*frame.dst))
        return false;
    const unsigned type = frame.transport[0];
    return (type >= 130 && type <= 137) || type == 143;
}

// What speaks against where it claims to come from.
Reasons disguise(const Frame& frame) {
    const Reasons as_source = reasons({REASON_SOURCE_ADDRESS});
    if (!frame.src) return frame.faults;
    if (frame.src->is_unspecified()) {
        const Reasons unreadable = frame.faults & reasons({REASON_RUNT, REASON_IP_HEADER});
        if (unreadable.any()) return unreadable;
        return may_lack_an_address(frame) ? Reasons{} : as_source;
    }
    if (!is_a_clients(*frame.src)) return as_source;
    const bool here = is_on_link(*frame.src, frame.vlan) || !has_networks(frame.vlan);
    return here || is_link_message(frame) ? Reasons{} : as_source;
}

// Open to strangers, and so to those who know each other.
bool is_open(const Frame& frame, const IpAddress& address, std::uint16_t port) {
    const bool has_ports = frame.protocol == 6 || frame.protocol == 17;
    if (has_ports && port == 53 && has_role(address, ADDRESS_RESOLVER)) return true;
    return in_garden(address, frame.protocol,
                     has_ports ? std::optional<std::uint16_t>(port) : std::nullopt);
}

bool is_between_clients(const Frame& frame, Sender sender) {
    if (sender != Sender::client) return false;
    if (!frame.is_sound() || !frame.src) return true;
    const bool has_ports = frame.is_ip() && (frame.protocol == 6 || frame.protocol == 17);
    return !is_open(frame, *frame.dst, has_ports ? frame.destination_port() : 0) &&
           !is_open(frame, *frame.src, has_ports ? frame.source_port() : 0);
}

}  // namespace

Verdict member_sends(const Frame& frame, const client& entry) {
    if (entry.state == CLIENT_BLOCKED) return drop(REASON_BLOCKED);
    if (entry.state == CLIENT_TRUSTED) {
        const bool as_gateway = frame.src && has_role(*frame.src, ADDRESS_GATEWAY);
        return as_gateway ? drop(REASON_SOURCE_ADDRESS) : pass(REASON_TRUSTED);
    }
    Reasons against = roguery(frame);
    if (frame.is_ip() || frame.ethertype == 0x0806) against |= disguise(frame);
    return against.any() ? drop(against) : pass(REASON_AUTHORIZED);
}

Verdict member_receives(const Frame& frame, const client& entry, Sender sender) {
    if (entry.state == CLIENT_BLOCKED) return drop(REASON_TX_BLOCKED);
    if (is_between_clients(frame, sender)) return drop(REASON_TX_HAIRPIN);
    return pass(entry.state == CLIENT_TRUSTED ? REASON_TX_TRUSTED : REASON_TX_AUTHORIZED);
}

}  // namespace portal::model
