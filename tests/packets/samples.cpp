#include "packets/samples.h"

#include "packets/applications.h"
#include "packets/neighbor_discovery.h"
#include "packets/packet.h"

namespace portal::packets {

namespace {

std::vector<Packet> ipv4_samples() {
    const IPv4 server{}, gateway{.dst = kGateway4};
    return {
        server / TCP{.dport = 80},
        server / TCP{.dport = 80, .flags = kAck | kPsh} / Payload{"GET / HTTP/1.1\r\n\r\n"},
        server / TCP{.dport = 443},
        server / TCP{.dport = 22, .options = {2, 4, 5, 180}},
        gateway / TCP{.dport = 80},
        gateway / TCP{.dport = 443},
        gateway / TCP{.dport = 53},
        gateway / dns_query(),
        server / dns_query(),
        server / UDP{.dport = 443} / Payload{1200},
        gateway / ICMP{} / Payload{56},
        server / ICMP{} / Payload{56},
        IPv4{.src = ip("0.0.0.0"), .dst = ip("255.255.255.255")} / dhcp_discover(),
        server / dhcp_offer(),
        IPv4{.options = {7, 3, 4, 0}} / TCP{},
        IPv4{.more_fragments = true} / UDP{} / Payload{32},
        IPv4{.protocol = 47} / Payload{24},
    };
}

std::vector<Packet> ipv6_samples() {
    const IPv6 server{}, gateway{.dst = kGateway6};
    const IPv6 on_link{.src = kClientLinkLocal, .dst = ip("ff02::1"), .hop_limit = 255};
    const IPv6 once{.src = kClientLinkLocal, .dst = ip("ff02::16"), .hop_limit = 1};
    return {
        server / TCP{.dport = 80},
        server / TCP{.dport = 80, .flags = kAck | kFin},
        server / TCP{.dport = 443},
        gateway / TCP{.dport = 80},
        gateway / TCP{.dport = 443},
        gateway / dns_query(),
        server / dns_query(),
        server / UDP{.dport = 443} / Payload{1200},
        gateway / ICMPv6{} / Payload{56},
        server / ICMPv6{} / Payload{56},
        on_link / neighbor_solicitation(kGatewayLinkLocal),
        on_link / neighbor_advertisement(kClientLinkLocal),
        on_link / router_solicitation(),
        on_link / router_advertisement(),
        on_link / redirect(kGateway6, kServer6),
        once / mldv2_report(ip("ff02::fb")),
        once / mld_report(ip("ff02::fb")),
        IPv6{.src = kClientLinkLocal, .dst = ip("ff02::1:2")} / dhcpv6_solicit(),
        server / DestinationOptions{} / DestinationOptions{.length = 2} / TCP{},
        server / HopByHop{} / DestinationOptions{} / UDP{.dport = 53},
        server / Routing{} / TCP{},
        server / Fragment{} / UDP{} / Payload{32},
    };
}

}  // namespace

std::vector<Bytes> sample_frames() {
    std::vector<Packet> packets = ipv4_samples();
    for (auto& packet : ipv6_samples())
        packets.push_back(std::move(packet));
    packets.push_back(Arp{});
    packets.push_back(Arp{.operation = 2});

    std::vector<Bytes> frames;
    for (const Packet& packet : packets) {
        frames.push_back(Ethernet{} / packet);
        frames.push_back(Ethernet{} / Vlan{} / packet);
        frames.push_back(Ethernet{} / Vlan{.id = 200, .tpid = kServiceTag} / Vlan{} / packet);
    }
    frames.push_back(Ethernet{.dst = mac("01:80:c2:00:00:03"), .ethertype = 0x888e} /
                     Payload{Bytes{1, 1, 0, 0}});
    return frames;
}

}  // namespace portal::packets
