#include "bpf/model/stranger.h"

#include <set>

#include "bpf/model/link_services.h"
#include "bpf/model/place.h"
#include "bpf/world.h"
#include "packets/addresses.h"

namespace portal::model {

namespace {

// A client's segment: a bare SYN, or one of a connection it has.
bool has_a_clients_flags(const Frame& frame) {
    static const std::set<unsigned> kClients = {0x02, 0x10, 0x11, 0x04, 0x14, 0x05, 0x15};
    return kClients.contains(frame.transport[13] & 0x17U);
}

reason kind_of_tcp(const Frame& frame) {
    const std::uint16_t port = frame.destination_port();
    if (port == 53) return has_role(*frame.dst, ADDRESS_RESOLVER) ? REASON_DNS : REASON_DNS_FOREIGN;
    const reason flags = has_a_clients_flags(frame) ? REASON_PORTAL : REASON_TCP_FLAGS;
    if (has_role(*frame.dst, ADDRESS_PORTAL) &&
        (port == gate::kHttpPort || port == gate::kHttpsPort))
        return flags;
    if (in_garden(*frame.dst, 6, port)) return REASON_GARDEN;
    if (port == 443) return REASON_HTTPS;
    if (port != 80) return REASON_TCP;
    if (frame.to_group() || !is_a_web_servers(*frame.dst)) return REASON_DESTINATION;
    return flags == REASON_PORTAL ? REASON_STEERED : flags;
}

reason kind_of_udp(const Frame& frame) {
    const unsigned from = frame.source_port(), to = frame.destination_port();
    if (asks_for_an_address(frame)) return REASON_DHCP;
    // A server of the client network speaks to nobody, not even in the garden.
    if ((from == 67 && to == 68) || (from == 547 && to == 546)) return REASON_ROGUE_SERVER;
    if (to == 53) return has_role(*frame.dst, ADDRESS_RESOLVER) ? REASON_DNS : REASON_DNS_FOREIGN;
    if (in_garden(*frame.dst, 17, frame.destination_port())) return REASON_GARDEN;
    return to == 443 ? REASON_QUIC : REASON_UDP;
}

reason kind_of_echo(const Frame& frame) {
    if (has_role(*frame.dst, ADDRESS_PORTAL)) return REASON_ICMP_ECHO;
    return in_garden(*frame.dst, frame.protocol, std::nullopt) ? REASON_GARDEN : REASON_ICMP;
}

reason kind_of_icmpv6(const Frame& frame) {
    switch (frame.transport[0]) {
        case 131:
        case 132:
        case 143:
            return frame.hop_limit == 1 ? REASON_MLD : REASON_ND_INVALID;
        case 128:
            return kind_of_echo(frame);
        default:
            return is_discovery(frame) ? discovery(frame) : REASON_ICMP;
    }
}

// What the frame is for: the reason to let it pass or, if it is for nothing a stranger may do, to
// drop it.
reason kind_of(const Frame& frame) {
    if (frame.ethertype == 0x888e) return REASON_EAPOL;
    if (frame.ethertype == 0x0806) return REASON_ARP;
    switch (frame.protocol) {
        case 6:
            return kind_of_tcp(frame);
        case 17:
            return kind_of_udp(frame);
        case 1:
            return frame.transport[0] == 8 ? kind_of_echo(frame) : REASON_ICMP;
        case 58:
            return kind_of_icmpv6(frame);
        default:
            return REASON_PROTOCOL;
    }
}

bool may_be_its_source(const Frame& frame, reason kind) {
    if (kind == REASON_EAPOL) return true;
    const bool stays =
        kind == REASON_ARP || kind == REASON_NEIGHBOR_DISCOVERY || kind == REASON_MLD;
    if (frame.src->is_unspecified()) return stays || kind == REASON_DHCP;
    return is_a_clients(*frame.src) && (stays || is_on_link(*frame.src, frame.vlan));
}

bool is_allowed(reason kind) {
    switch (kind) {
        case REASON_EAPOL:
        case REASON_ARP:
        case REASON_NEIGHBOR_DISCOVERY:
        case REASON_MLD:
        case REASON_DHCP:
        case REASON_DNS:
        case REASON_ICMP_ECHO:
        case REASON_PORTAL:
        case REASON_GARDEN:
        case REASON_STEERED:
            return true;
        default:
            return false;
    }
}

}  // namespace

Verdict stranger_sends(const Frame& frame) {
    Reasons against = frame.link_faults | frame.faults;
    if (frame.source == packets::kGatewayMac) against.set(REASON_SOURCE_MAC);
    if (!frame.is_sound()) return drop(against);
    const reason kind = kind_of(frame);
    if (!is_allowed(kind))
        against.set(kind);
    else if (!may_be_its_source(frame, kind))
        against.set(REASON_SOURCE_ADDRESS);
    return against.any() ? drop(against) : pass(kind);
}

}  // namespace portal::model
