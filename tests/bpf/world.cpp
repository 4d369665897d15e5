#include "bpf/world.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace portal::gate {

using namespace packets;

const std::array<Family, 2> kFamilies = {{
    {.name = "IPv4",
     .client = kClient4,
     .gateway = kGateway4,
     .uplink = ip("198.51.100.1"),
     .resolver = ip("198.51.100.53"),
     .server = kServer4,
     .garden = ip("198.51.100.200"),
     .garden_ports = ip("203.0.113.10"),
     .unspecified = ip("0.0.0.0"),
     .loopback = ip("127.0.0.1"),
     .group = ip("239.0.0.1")},
    {.name = "IPv6",
     .client = kClient6,
     .gateway = kGateway6,
     .uplink = ip("2001:db8:1::1"),
     .resolver = ip("2001:db8:1::53"),
     .server = kServer6,
     .garden = ip("2001:db8:2::200"),
     .garden_ports = ip("2001:db8:3::10"),
     .unspecified = ip("::"),
     .loopback = ip("::1"),
     .group = ip("ff0e::1")},
}};

Packet Family::from_to(const IpAddress& src, const IpAddress& dst) const {
    if (client.is_v4()) return IPv4{.src = src, .dst = dst};
    return IPv6{.src = src, .dst = dst};
}

Packet Family::echo_request() const {
    if (client.is_v4()) return ICMP{.type = 8} / Payload{56};
    return ICMPv6{.type = 128} / Payload{56};
}

Packet Family::echo_reply() const {
    if (client.is_v4()) return ICMP{.type = 0} / Payload{56};
    return ICMPv6{.type = 129} / Payload{56};
}

std::vector<AddressRoles> world_addresses() {
    constexpr std::uint32_t kOwn = ADDRESS_GATEWAY | ADDRESS_PORTAL | ADDRESS_RESOLVER;
    std::vector<AddressRoles> all{{kGatewayLinkLocal, kOwn}};
    for (const Family& family : kFamilies) {
        all.push_back({family.gateway, kOwn});
        all.push_back({family.uplink, ADDRESS_GATEWAY});
        all.push_back({family.resolver, ADDRESS_RESOLVER});
    }
    return all;
}

std::vector<Prefix> world_networks() {
    return {*parse_prefix("192.0.2.0/24"), *parse_prefix("2001:db8::/64")};
}

std::vector<GardenEntry> world_garden() {
    const garden_ports everything{};
    garden_ports two{};
    two.count = 2;
    two.ports[0] = {.port = htons(kGardenTcp), .protocol = IPPROTO_TCP, ._pad = 0};
    two.ports[1] = {.port = htons(kGardenUdp), .protocol = IPPROTO_UDP, ._pad = 0};
    return {
        {*parse_prefix("198.51.100.128/25"), everything},
        {*parse_prefix("2001:db8:2::/48"), everything},
        // Opens nothing: what is the gateway's is open by port only.
        {*parse_prefix("198.51.100.1/32"), everything},
        {*parse_prefix("2001:db8:1::1/128"), everything},
        {*parse_prefix("203.0.113.10/32"), two},
        {*parse_prefix("2001:db8:3::10/128"), two},
    };
}

}  // namespace portal::gate
