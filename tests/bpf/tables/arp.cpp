#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

IngressRows arp_rows() {
    const Ethernet all{.dst = kBroadcastMac};
    const IpAddress uplink = kFamilies[0].uplink;

    return {
        {"request", all / Arp{}, REASON_ARP},
        {"request, padded", pad(all / Arp{}), REASON_ARP},
        {"request in a VLAN", all / Vlan{} / Arp{}, REASON_ARP, REASON_AUTHORIZED, 100},
        {"reply", Ethernet{} / Arp{.operation = 2, .target_mac = kGatewayMac}, REASON_ARP},
        {"probe, no address yet", all / Arp{.sender_ip = ip("0.0.0.0"), .target_ip = kClient4},
         REASON_ARP},
        {"announcement", all / Arp{.target_ip = kClient4}, REASON_ARP},
        {"one byte short", truncate(all / Arp{}, 41), REASON_RUNT, REASON_RUNT},
        {"speaks for another MAC", all / Arp{.sender_mac = kOtherMac}, REASON_ARP_INVALID,
         REASON_ARP_INVALID},
        {"reverse request", all / Arp{.operation = 3}, REASON_ARP_INVALID, REASON_ARP_INVALID},
        {"no operation", all / Arp{.operation = 0}, REASON_ARP_INVALID, REASON_ARP_INVALID},
        {"not over Ethernet", all / Arp{.hardware = 6}, REASON_ARP_INVALID, REASON_ARP_INVALID},
        {"not for IPv4", all / Arp{.protocol = 0x86dd}, REASON_ARP_INVALID, REASON_ARP_INVALID},
        {"MAC of 8 bytes", all / Arp{.hardware_size = 8}, REASON_ARP_INVALID, REASON_ARP_INVALID},
        {"address of 16 bytes", all / Arp{.protocol_size = 16}, REASON_ARP_INVALID,
         REASON_ARP_INVALID},
        {"claims the gateway's address", Ethernet{} / Arp{.operation = 2, .sender_ip = kGateway4},
         REASON_SOURCE_ADDRESS, REASON_SOURCE_ADDRESS},
        {"claims the uplink's address", all / Arp{.sender_ip = uplink}, REASON_SOURCE_ADDRESS,
         REASON_SOURCE_ADDRESS},
        {"claims loopback", all / Arp{.sender_ip = ip("127.0.0.1")}, REASON_SOURCE_ADDRESS,
         REASON_SOURCE_ADDRESS},
        {"claims a group", all / Arp{.sender_ip = ip("224.0.0.1")}, REASON_SOURCE_ADDRESS,
         REASON_SOURCE_ADDRESS},
        {"claims broadcast", all / Arp{.sender_ip = ip("255.255.255.255")}, REASON_SOURCE_ADDRESS,
         REASON_SOURCE_ADDRESS},
        {"claims this network", all / Arp{.sender_ip = ip("0.0.0.1")}, REASON_SOURCE_ADDRESS,
         REASON_SOURCE_ADDRESS},
    };
}

}  // namespace portal::gate
