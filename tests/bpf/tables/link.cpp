#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

IngressRows link_rows() {
    const Packet https = IPv4{} / TCP{.dport = 443};
    const Packet eapol = Payload{Bytes{1, 1, 0, 0}};
    const Ethernet to_authenticator{.dst = mac("01:80:c2:00:00:03"), .ethertype = 0x888e};
    const Ethernet as_gateway{.src = kGatewayMac, .dst = kBroadcastMac};

    return {
        {"14 bytes, IPv4", Ethernet{.ethertype = 0x0800} / Payload{}, REASON_RUNT, REASON_RUNT},
        {"14 bytes, IPv6", Ethernet{.ethertype = 0x86dd} / Payload{}, REASON_RUNT, REASON_RUNT},
        {"14 bytes, ARP", Ethernet{.ethertype = 0x0806} / Payload{}, REASON_RUNT, REASON_RUNT},
        {"14 bytes, unknown type", Ethernet{} / Payload{}, REASON_ETHERTYPE},
        {"14 bytes, a tag announced", Ethernet{.ethertype = 0x8100} / Payload{}, REASON_RUNT,
         REASON_RUNT},
        {"half a tag", truncate(Ethernet{} / Vlan{} / https, 17), REASON_RUNT, REASON_RUNT},
        {"padded to 60", pad(Ethernet{} / IPv4{.dst = kGateway4} / TCP{.dport = 443}),
         REASON_PORTAL},
        {"trailing bytes behind IP", pad(Ethernet{} / https, 200), REASON_HTTPS},

        {"VLAN", Ethernet{} / Vlan{.id = 100} / https, REASON_HTTPS, REASON_AUTHORIZED, 100},
        {"the last VLAN", Ethernet{} / Vlan{.id = 4094} / https, REASON_HTTPS, REASON_AUTHORIZED,
         4094},
        {"priority bits are not the VLAN", Ethernet{} / Vlan{.id = 100, .priority = 7} / https,
         REASON_HTTPS, REASON_AUTHORIZED, 100},
        {"priority tag, no VLAN", Ethernet{} / Vlan{.id = 0, .priority = 5} / https, REASON_HTTPS},
        {"802.1ad tag alone", Ethernet{} / Vlan{.id = 100, .tpid = kServiceTag} / https,
         REASON_HTTPS, REASON_AUTHORIZED, 100},
        {"QinQ is the outer VLAN",
         Ethernet{} / Vlan{.id = 200, .tpid = kServiceTag} / Vlan{.id = 100} / https, REASON_HTTPS,
         REASON_AUTHORIZED, 200},
        {"802.1Q in 802.1Q", Ethernet{} / Vlan{.id = 200} / Vlan{.id = 100} / https, REASON_HTTPS,
         REASON_AUTHORIZED, 200},
        // The kernel takes the priority tag off and goes on to the VLAN behind it.
        {"VLAN behind a priority tag", Ethernet{} / Vlan{.id = 0} / Vlan{.id = 100} / https,
         REASON_HTTPS, REASON_AUTHORIZED, 100},
        {"three tags", Ethernet{} / Vlan{} / Vlan{} / Vlan{} / https, REASON_VLAN_TAGS,
         REASON_VLAN_TAGS, 100},
        {"three tags, nothing behind", truncate(Ethernet{} / Vlan{} / Vlan{} / Vlan{} / https, 22),
         REASON_VLAN_TAGS, REASON_VLAN_TAGS, 100},
        {"a tag of the old QinQ type", Ethernet{} / Vlan{.tpid = 0x9100} / https, REASON_ETHERTYPE},

        {"multicast source MAC", Ethernet{.src = mac("03:00:00:00:00:64")} / https,
         REASON_SOURCE_MAC, REASON_SOURCE_MAC},
        {"broadcast source MAC", Ethernet{.src = kBroadcastMac} / https, REASON_SOURCE_MAC,
         REASON_SOURCE_MAC},
        {"zero source MAC", Ethernet{.src = Mac{}} / https, REASON_SOURCE_MAC, REASON_SOURCE_MAC},
        {"the gateway's MAC as source", as_gateway / Arp{.sender_mac = kGatewayMac},
         REASON_SOURCE_MAC},
        {"the gateway's MAC as source, to the portal",
         as_gateway / IPv4{.dst = kGateway4} / TCP{.dport = 443}, REASON_SOURCE_MAC},

        {"EAPOL", to_authenticator / eapol, REASON_EAPOL},
        {"EAPOL of 14 bytes", Ethernet{.ethertype = 0x888e} / Payload{}, REASON_EAPOL},
        {"EAPOL in a VLAN", Ethernet{} / Vlan{.ethertype = 0x888e} / eapol, REASON_EAPOL,
         REASON_AUTHORIZED, 100},
        {"EAPOL from the gateway's MAC", Ethernet{.src = kGatewayMac, .ethertype = 0x888e} / eapol,
         REASON_SOURCE_MAC},
        {"LLDP", Ethernet{.ethertype = 0x88cc} / Payload{46}, REASON_ETHERTYPE},
        {"PPPoE", Ethernet{.ethertype = 0x8863} / Payload{46}, REASON_ETHERTYPE},
        {"MPLS", Ethernet{.ethertype = 0x8847} / Payload{46}, REASON_ETHERTYPE},
        {"RARP", Ethernet{.ethertype = 0x8035} / Arp{.operation = 3}, REASON_ETHERTYPE},
        {"802.3 length and LLC", Ethernet{.ethertype = 46} / Payload{46}, REASON_ETHERTYPE},
        {"IPv6 announced as IPv4", Ethernet{.ethertype = 0x0800} / IPv6{} / TCP{}, REASON_IP_HEADER,
         REASON_IP_HEADER},
        {"IPv4 announced as IPv6", Ethernet{.ethertype = 0x86dd} / IPv4{} / TCP{}, REASON_IP_HEADER,
         REASON_IP_HEADER},
    };
}

}  // namespace portal::gate
