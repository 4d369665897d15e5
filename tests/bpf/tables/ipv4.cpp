#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

IngressRows ipv4_rows() {
    const Ethernet eth{};
    const TCP web{.dport = 80};
    const Payload body{32};

    return {
        {"header cut", truncate(eth / IPv4{} / web, 14 + 19), REASON_RUNT, REASON_RUNT},
        {"version 5", eth / IPv4{.version = 5} / web, REASON_IP_HEADER, REASON_IP_HEADER},
        {"IHL 4", eth / IPv4{.ihl = 4} / web, REASON_IP_HEADER, REASON_IP_HEADER},
        {"IHL 0", eth / IPv4{.ihl = 0} / web, REASON_IP_HEADER, REASON_IP_HEADER},
        {"IHL beyond the total length", eth / IPv4{.ihl = 15} / web, REASON_IP_HEADER,
         REASON_IP_HEADER},
        {"total length 0", eth / IPv4{.total_length = 0} / web, REASON_IP_HEADER, REASON_IP_HEADER},
        {"total length 19", eth / IPv4{.total_length = 19} / web, REASON_IP_HEADER,
         REASON_IP_HEADER},
        {"total length one beyond the frame", eth / IPv4{.total_length = 41} / web, REASON_RUNT},
        {"total length 65535", eth / IPv4{.total_length = 65535} / web, REASON_RUNT},
        {"total length within the tag's four bytes", truncate(eth / Vlan{} / IPv4{} / web, 54),
         REASON_RUNT, REASON_AUTHORIZED, 100},
        {"a record-route option", eth / IPv4{.options = {7, 7, 4, 0, 0, 0, 0, 0}} / web,
         REASON_IP_OPTIONS},
        {"a source route", eth / IPv4{.options = {131, 7, 4, 203, 0, 113, 80, 0}} / web,
         REASON_IP_OPTIONS},
        {"no-operation options", eth / IPv4{.options = {1, 1, 1, 0}} / web, REASON_IP_OPTIONS},
        {"don't fragment is no fragment", eth / IPv4{.dont_fragment = true} / web, REASON_STEERED},
        {"first fragment, ports in it", eth / IPv4{.more_fragments = true} / web / body,
         REASON_FRAGMENT},
        {"first fragment without ports",
         eth / IPv4{.more_fragments = true, .protocol = 6} / Payload{2}, REASON_FRAGMENT},
        {"middle fragment",
         eth / IPv4{.more_fragments = true, .fragment_offset = 185, .protocol = 6} / body,
         REASON_FRAGMENT},
        {"last fragment", eth / IPv4{.fragment_offset = 185, .protocol = 17} / body,
         REASON_FRAGMENT},
        {"fragment at offset 1, over a TCP header",
         eth / IPv4{.fragment_offset = 1, .protocol = 6} / body, REASON_FRAGMENT},
        {"fragment to the resolver",
         eth / IPv4{.dst = kGateway4, .more_fragments = true} / UDP{.dport = 53} / body,
         REASON_FRAGMENT},
        {"TTL 0", eth / IPv4{.ttl = 0} / web, REASON_STEERED},
        {"SCTP", eth / IPv4{.protocol = 132} / body, REASON_PROTOCOL},
        {"GRE", eth / IPv4{.protocol = 47} / body, REASON_PROTOCOL},
        {"ESP", eth / IPv4{.protocol = 50} / body, REASON_PROTOCOL},
        {"IPv4 in IPv4", eth / IPv4{} / IPv4{} / web, REASON_PROTOCOL},
        {"IPv6 in IPv4", eth / IPv4{} / IPv6{} / web, REASON_PROTOCOL},
        {"UDP-Lite to the resolver", eth / IPv4{.dst = kGateway4, .protocol = 136} / body,
         REASON_PROTOCOL},
        {"IGMP without a router alert", eth / IPv4{.ttl = 1, .protocol = 2} / Payload{8},
         REASON_PROTOCOL},
        {"ICMPv6 over IPv4", eth / IPv4{.dst = kGateway4} / ICMPv6{} / body, REASON_PROTOCOL},
        {"IPv6 hop-by-hop over IPv4", eth / IPv4{.protocol = 0} / body, REASON_PROTOCOL},
        {"a number only IPv6 follows", eth / IPv4{.protocol = 60} / body, REASON_PROTOCOL},
    };
}

}  // namespace portal::gate
