#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

namespace {

Packet options(int count) {
    Packet chain = DestinationOptions{};
    for (int i = 1; i < count; i++)
        chain.append(DestinationOptions{});
    return chain;
}

}  // namespace

IngressRows ipv6_rows() {
    const Ethernet eth{};
    const TCP web{.dport = 80};
    const Payload body{32};
    const DestinationOptions longest{.length = 255};

    return {
        {"header cut", truncate(eth / IPv6{} / web, 14 + 39), REASON_RUNT, REASON_RUNT},
        {"version 4", eth / IPv6{.version = 4} / web, REASON_IP_HEADER, REASON_IP_HEADER},
        {"payload one beyond the frame", eth / IPv6{.payload_length = 21} / web, REASON_RUNT},
        {"payload 65535", eth / IPv6{.payload_length = 65535} / web, REASON_RUNT},
        {"v4-mapped source", eth / IPv6{.src = kClient4} / web, REASON_IP_HEADER},
        {"v4-mapped destination", eth / IPv6{.dst = kGateway4} / TCP{.dport = 443},
         REASON_IP_HEADER},

        {"hop-by-hop first", eth / IPv6{} / HopByHop{} / web, REASON_STEERED},
        {"hop-by-hop second", eth / IPv6{} / DestinationOptions{} / HopByHop{} / web,
         REASON_IP_EXTENSION},
        {"hop-by-hop twice", eth / IPv6{} / HopByHop{} / HopByHop{} / web, REASON_IP_EXTENSION},
        {"chain at the limit", eth / IPv6{} / options(PORTAL_IPV6_HEADERS) / web, REASON_STEERED},
        {"chain one over", eth / IPv6{} / options(PORTAL_IPV6_HEADERS + 1) / web,
         REASON_IP_EXTENSION},
        {"chain at the limit, hop-by-hop in it",
         eth / IPv6{} / HopByHop{} / options(PORTAL_IPV6_HEADERS - 1) / web, REASON_STEERED},
        {"the longest chain of the longest headers",
         eth / IPv6{} / longest / longest / longest / longest / longest / longest / web,
         REASON_RUNT},
        {"extension beyond the payload",
         eth / IPv6{.next_header = 60} / Payload{Bytes{6, 1, 0, 0, 0, 0, 0, 0}}, REASON_IP_HEADER},
        {"extension length 255 in a short packet",
         eth / IPv6{.next_header = 60} / Payload{Bytes{6, 255, 0, 0, 0, 0, 0, 0}},
         REASON_IP_HEADER},
        {"extension announced, frame at its end", eth / IPv6{.next_header = 60} / Payload{},
         REASON_RUNT},
        {"extension announced, padding behind", pad(eth / IPv6{.next_header = 60} / Payload{}, 62),
         REASON_IP_HEADER},
        {"jumbogram",
         eth / IPv6{.payload_length = 0} / HopByHop{.options = {194, 4, 0, 1, 0, 0}} / web,
         REASON_IP_HEADER},

        {"routing header type 0", eth / IPv6{} / Routing{} / web, REASON_IP_OPTIONS},
        {"routing header, none left", eth / IPv6{} / Routing{.segments_left = 0} / web,
         REASON_IP_OPTIONS},
        {"segment routing header", eth / IPv6{} / Routing{.type = 4} / web, REASON_IP_OPTIONS},
        {"routing header to the portal",
         eth / IPv6{.dst = kGateway6} / Routing{} / TCP{.dport = 443}, REASON_IP_OPTIONS},
        {"first fragment", eth / IPv6{} / Fragment{} / web, REASON_FRAGMENT},
        {"middle fragment", eth / IPv6{} / Fragment{.offset = 100, .next_header = 6} / body,
         REASON_FRAGMENT},
        {"atomic fragment", eth / IPv6{} / Fragment{.more = false} / web, REASON_FRAGMENT},
        {"fragment to the resolver",
         eth / IPv6{.dst = kGateway6} / Fragment{} / UDP{.dport = 53} / body, REASON_FRAGMENT},
        {"fragment behind options", eth / IPv6{} / DestinationOptions{} / Fragment{} / web,
         REASON_FRAGMENT},
        {"authentication header", eth / IPv6{.next_header = 51} / body, REASON_IP_EXTENSION},
        {"mobility header", eth / IPv6{.next_header = 135} / body, REASON_IP_EXTENSION},
        {"host identity", eth / IPv6{.next_header = 139} / body, REASON_IP_EXTENSION},
        {"shim6", eth / IPv6{.next_header = 140} / body, REASON_IP_EXTENSION},
        {"no next header", eth / IPv6{.next_header = 59} / body, REASON_PROTOCOL},
        {"ESP", eth / IPv6{.next_header = 50} / body, REASON_PROTOCOL},
        {"IPv6 in IPv6", eth / IPv6{} / IPv6{} / web, REASON_PROTOCOL},
        {"IPv4 in IPv6", eth / IPv6{} / IPv4{} / web, REASON_PROTOCOL},
        {"ICMP over IPv6", eth / IPv6{.dst = kGateway6} / ICMP{} / body, REASON_PROTOCOL},
        {"an experiment's number", eth / IPv6{.next_header = 254} / body, REASON_PROTOCOL},
    };
}

}  // namespace portal::gate
