#include "bpf/allow_list.h"

#include <algorithm>
#include <optional>
#include <set>

#include "bpf/world.h"

namespace portal::gate {

namespace {

using Span = std::span<const std::uint8_t>;

std::uint16_t number16(Span bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

// What the venue says of an address --------------------------------------------------------------

bool has_role(const IpAddress& address, std::uint32_t role) {
    return std::ranges::any_of(world_addresses(), [&](const AddressRoles& known) {
        return known.address == address && (known.roles & role) != 0;
    });
}

bool in_garden(const IpAddress& address, std::uint8_t protocol, std::optional<std::uint16_t> port) {
    for (const auto& [prefix, open] : world_garden()) {
        if (!prefix.contains(Prefix{address, 128})) continue;
        if (open.count == 0) return !has_role(address, ADDRESS_GATEWAY);
        return port &&
               ((protocol == 6 && *port == kGardenTcp) || (protocol == 17 && *port == kGardenUdp));
    }
    return false;
}

// One of the 256 /8 networks that no host on the Internet has.
bool is_nobodys_v4(const IpAddress& address) {
    const unsigned first = address.bytes[12];
    return first == 0 || first == 127 || first > 223;
}

bool is_a_clients(const IpAddress& source) {
    if (has_role(source, ADDRESS_GATEWAY) || source.is_multicast() || source.is_loopback())
        return false;
    return !source.is_v4() || !is_nobodys_v4(source);
}

// Where the answer would stay here: with the client's networks, or on its link.
bool is_on_link(const IpAddress& source, unsigned vlan) {
    if (source.is_link_local() && !source.is_v4()) return true;
    if (std::ranges::find(kWorldVlans, vlan) == kWorldVlans.end()) return false;
    return std::ranges::any_of(world_networks(), [&](const Prefix& network) {
        return network.contains(Prefix{source, 128});
    });
}

bool is_a_web_servers(const IpAddress& destination) {
    if (destination.is_v4()) return !is_nobodys_v4(destination);
    return !destination.is_multicast() && !destination.is_loopback() &&
           !destination.is_unspecified() && !destination.is_link_local();
}

bool stays_on_the_link(const IpAddress& destination) {
    const auto& bytes = destination.bytes;
    return destination.is_link_local() || (bytes[0] == 0xff && (bytes[1] & 0x0f) == 2) ||
           has_role(destination, ADDRESS_GATEWAY);
}

// Layers ------------------------------------------------------------------------------------------

struct Link {
    Span source;
    bool to_group;
    std::uint16_t ethertype;
    Span payload;
    unsigned vlan = 0;
};

std::optional<Link> read_link(Span frame) {
    if (frame.size() < 14) return std::nullopt;
    Link link{frame.subspan(6, 6), (frame[0] & 1) != 0, number16(frame, 12), frame.subspan(14)};
    for (int tags = 0; link.ethertype == 0x8100 || link.ethertype == 0x88a8; tags++) {
        if (tags == 2 || link.payload.size() < 4) return std::nullopt;
        if (link.vlan == 0) link.vlan = number16(link.payload, 0) & 0xfffU;
        link.ethertype = number16(link.payload, 2);
        link.payload = link.payload.subspan(4);
    }
    const bool zero = std::ranges::all_of(link.source, [](auto byte) { return byte == 0; });
    if ((link.source[0] & 1) != 0 || zero) return std::nullopt;
    if (std::ranges::equal(link.source, packets::kGatewayMac.bytes)) return std::nullopt;
    return link;
}

struct Datagram {
    IpAddress src, dst;
    unsigned hop_limit;
    unsigned protocol;
    Span payload;
    unsigned vlan = 0;
};

std::optional<Datagram> read_ipv4(Span bytes) {
    if (bytes.size() < 20 || bytes[0] != 0x45) return std::nullopt;
    const std::size_t total = number16(bytes, 2);
    if (total < 20 || total > bytes.size()) return std::nullopt;
    if ((number16(bytes, 6) & 0x3fff) != 0) return std::nullopt;
    return Datagram{IpAddress::v4(bytes.subspan<12, 4>()), IpAddress::v4(bytes.subspan<16, 4>()),
                    bytes[8], bytes[9], bytes.first(total).subspan(20)};
}

std::optional<Datagram> read_ipv6(Span bytes) {
    if (bytes.size() < 40 || bytes[0] >> 4 != 6) return std::nullopt;
    const std::size_t length = number16(bytes, 4);
    if (length > bytes.size() - 40) return std::nullopt;
    Datagram ip{IpAddress::v6(bytes.subspan<8, 16>()), IpAddress::v6(bytes.subspan<24, 16>()),
                bytes[7], bytes[6], bytes.subspan(40, length)};
    if (ip.src.is_v4() || ip.dst.is_v4()) return std::nullopt;
    for (int headers = 0; ip.protocol == 0 || ip.protocol == 60; headers++) {
        if (headers == 6 || (ip.protocol == 0 && headers != 0)) return std::nullopt;
        if (ip.payload.size() < 8) return std::nullopt;
        const std::size_t size = 8U + 8U * ip.payload[1];
        if (size > ip.payload.size()) return std::nullopt;
        ip.protocol = ip.payload[0];
        ip.payload = ip.payload.subspan(size);
    }
    return ip;
}

// The list ----------------------------------------------------------------------------------------

bool arp_allowed(const Link& link) {
    const Span arp = link.payload;
    constexpr std::uint8_t kEthernetIpv4[] = {0, 1, 8, 0, 6, 4};
    if (arp.size() < 28 || !std::ranges::equal(arp.first(6), kEthernetIpv4)) return false;
    const unsigned operation = number16(arp, 6);
    if (operation != 1 && operation != 2) return false;
    if (!std::ranges::equal(arp.subspan(8, 6), link.source)) return false;
    const IpAddress sender = IpAddress::v4(arp.subspan<14, 4>());
    return sender.is_unspecified() || is_a_clients(sender);
}

bool dhcp_allowed(const Datagram& ip, unsigned from, unsigned to) {
    const bool to_gateway = has_role(ip.dst, ADDRESS_PORTAL);
    if (ip.dst.is_v4())
        return from == 68 && to == 67 && (to_gateway || ip.dst == packets::ip("255.255.255.255"));
    return to == 547 && (to_gateway || ip.dst == packets::ip("ff02::1:2"));
}

bool udp_allowed(const Datagram& ip) {
    if (ip.payload.size() < 8) return false;
    const std::size_t length = number16(ip.payload, 4);
    if (length < 8 || length > ip.payload.size()) return false;
    const std::uint16_t from = number16(ip.payload, 0), to = number16(ip.payload, 2);
    const bool reachable = is_a_clients(ip.src) && is_on_link(ip.src, ip.vlan);
    if (dhcp_allowed(ip, from, to)) return ip.src.is_unspecified() || reachable;
    if (!reachable) return false;
    if (to == 53) return has_role(ip.dst, ADDRESS_RESOLVER);
    // A server of the client network speaks to nobody, not even in the garden.
    if ((from == 67 && to == 68) || (from == 547 && to == 546)) return false;
    return in_garden(ip.dst, 17, to);
}

bool tcp_allowed(const Datagram& ip, bool to_group) {
    if (ip.payload.size() < 20) return false;
    const std::size_t header = 4U * (ip.payload[12] >> 4);
    if (header < 20 || header > ip.payload.size()) return false;
    if (!is_a_clients(ip.src) || !is_on_link(ip.src, ip.vlan)) return false;
    const std::uint16_t port = number16(ip.payload, 2);
    if (port == 53) return has_role(ip.dst, ADDRESS_RESOLVER);

    // A client's segment: a bare SYN, or one of a connection it has.
    static const std::set<unsigned> kClients = {0x02, 0x10, 0x11, 0x04, 0x14, 0x05, 0x15};
    const bool clients = kClients.contains(ip.payload[13] & 0x17U);
    if (has_role(ip.dst, ADDRESS_PORTAL) && (port == 80 || port == 443)) return clients;
    if (in_garden(ip.dst, 6, port)) return true;
    return port == 80 && clients && !to_group && is_a_web_servers(ip.dst);
}

bool echo_allowed(const Datagram& ip) {
    return has_role(ip.dst, ADDRESS_PORTAL) || in_garden(ip.dst, 1, std::nullopt);
}

bool icmp_allowed(const Datagram& ip) {
    return ip.payload.size() >= 8 && ip.payload[0] == 8 && echo_allowed(ip) &&
           is_a_clients(ip.src) && is_on_link(ip.src, ip.vlan);
}

bool icmpv6_allowed(const Datagram& ip) {
    if (ip.payload.size() < 8) return false;
    const bool known_source = is_a_clients(ip.src);
    const bool on_link = ip.hop_limit == 255 && stays_on_the_link(ip.dst);
    switch (ip.payload[0]) {
        case 133:
            return on_link && known_source;
        case 135:
            return on_link && known_source && ip.payload.size() >= 24;
        case 136:
            return on_link && known_source && ip.payload.size() >= 24 &&
                   !has_role(IpAddress::v6(ip.payload.subspan<8, 16>()), ADDRESS_GATEWAY);
        case 131:
        case 132:
        case 143:
            return ip.hop_limit == 1 && known_source;
        case 128:
            return echo_allowed(ip) && known_source && is_on_link(ip.src, ip.vlan);
        default:
            return false;
    }
}

}  // namespace

bool stranger_may_send(std::span<const std::uint8_t> frame) {
    const auto link = read_link(frame);
    if (!link) return false;
    if (link->ethertype == 0x888e) return true;
    if (link->ethertype == 0x0806) return arp_allowed(*link);
    if (link->ethertype != 0x0800 && link->ethertype != 0x86dd) return false;
    const bool v4 = link->ethertype == 0x0800;
    auto ip = v4 ? read_ipv4(link->payload) : read_ipv6(link->payload);
    if (!ip) return false;
    ip->vlan = link->vlan;
    switch (ip->protocol) {
        case 6:
            return tcp_allowed(*ip, link->to_group);
        case 17:
            return udp_allowed(*ip);
        case 1:
            return v4 && icmp_allowed(*ip);
        case 58:
            return !v4 && icmpv6_allowed(*ip);
        default:
            return false;
    }
}

}  // namespace portal::gate
