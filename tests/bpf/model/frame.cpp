#include "bpf/model/frame.h"

#include <algorithm>
#include <array>

namespace portal::model {

namespace {

constexpr unsigned kMostTags = 2;
constexpr int kMostExtensions = 6;

bool is_tag(std::uint16_t ethertype) {
    return ethertype == 0x8100 || ethertype == 0x88a8;
}

Span read_link(Frame& frame, Span bytes, std::optional<std::uint16_t> hidden_tag) {
    std::ranges::copy(bytes.first(6), frame.destination.bytes.begin());
    std::ranges::copy(bytes.subspan(6, 6), frame.source.bytes.begin());
    frame.ethertype = number16(bytes, 12);
    bytes = bytes.subspan(14);
    if (hidden_tag) frame.vlan = *hidden_tag & 0xfff;
    for (unsigned tags = hidden_tag ? 1 : 0; is_tag(frame.ethertype); tags++) {
        if (tags == kMostTags) {
            frame.link_faults.set(REASON_VLAN_TAGS);
            break;
        }
        if (bytes.size() < 4) {
            frame.link_faults.set(REASON_RUNT);
            break;
        }
        if (frame.vlan == 0) frame.vlan = number16(bytes, 0) & 0xfff;
        frame.ethertype = number16(bytes, 2);
        bytes = bytes.subspan(4);
    }
    if (frame.source.is_multicast() || frame.source.is_zero())
        frame.link_faults.set(REASON_SOURCE_MAC);
    return bytes;
}

void read_arp(Frame& frame, Span arp) {
    constexpr std::uint8_t kEthernetIpv4[] = {0, 1, 8, 0, 6, 4};
    if (arp.size() < 28) {
        frame.faults.set(REASON_RUNT);
        return;
    }
    const unsigned operation = number16(arp, 6);
    if (!std::ranges::equal(arp.first(6), kEthernetIpv4) || (operation != 1 && operation != 2) ||
        !std::ranges::equal(arp.subspan(8, 6), frame.source.bytes)) {
        frame.faults.set(REASON_ARP_INVALID);
        return;
    }
    frame.src = IpAddress::v4(arp.subspan<14, 4>());
    frame.dst = IpAddress::v4(arp.subspan<24, 4>());
}

bool has_transport_header(unsigned protocol, Span bytes) {
    switch (protocol) {
        case 6: {
            if (bytes.size() < 20) return false;
            const std::size_t header = 4U * (bytes[12] >> 4);
            return header >= 20 && header <= bytes.size();
        }
        case 17: {
            if (bytes.size() < 8) return false;
            const std::size_t length = number16(bytes, 4);
            return length >= 8 && length <= bytes.size();
        }
        case 1:
        case 58:
            return bytes.size() >= 8;
        default:
            return true;
    }
}

void read_transport(Frame& frame, Span bytes) {
    // ICMP is of one family.
    if (frame.protocol == (frame.ethertype == 0x0800 ? 58U : 1U))
        frame.faults.set(REASON_PROTOCOL);
    else if (!has_transport_header(frame.protocol, bytes))
        frame.faults.set(REASON_TRANSPORT_HEADER);
    else
        frame.transport = bytes;
}

void read_ipv4(Frame& frame, Span bytes) {
    if (bytes.size() < 20) {
        frame.faults.set(REASON_RUNT);
        return;
    }
    const std::size_t header = 4U * (bytes[0] & 0xf), total = number16(bytes, 2);
    if (bytes[0] >> 4 != 4 || header < 20 || total < header) {
        frame.faults.set(REASON_IP_HEADER);
        return;
    }
    frame.src = IpAddress::v4(bytes.subspan<12, 4>());
    frame.dst = IpAddress::v4(bytes.subspan<16, 4>());
    frame.hop_limit = bytes[8];
    frame.protocol = bytes[9];
    if (total > bytes.size()) frame.faults.set(REASON_RUNT);
    if (header > 20) frame.faults.set(REASON_IP_OPTIONS);
    if ((number16(bytes, 6) & 0x3fff) != 0) frame.faults.set(REASON_FRAGMENT);
    if (frame.faults.none()) read_transport(frame, bytes.first(total).subspan(20));
}

// What an IPv6 header may not be followed by, at the gate.
std::optional<reason> objection_to(unsigned next) {
    switch (next) {
        case 43:
            return REASON_IP_OPTIONS;
        case 44:
            return REASON_FRAGMENT;
        case 51:   // AH
        case 135:  // Mobility
        case 139:  // HIP
        case 140:  // Shim6
            return REASON_IP_EXTENSION;
        default:
            return std::nullopt;
    }
}

void read_ipv6(Frame& frame, Span bytes) {
    if (bytes.size() < 40) {
        frame.faults.set(REASON_RUNT);
        return;
    }
    if (bytes[0] >> 4 != 6) {
        frame.faults.set(REASON_IP_HEADER);
        return;
    }
    frame.src = IpAddress::v6(bytes.subspan<8, 16>());
    frame.dst = IpAddress::v6(bytes.subspan<24, 16>());
    frame.hop_limit = bytes[7];
    const std::size_t length = number16(bytes, 4);
    // IPv4-mapped addresses are not for the wire.
    if (frame.src->is_v4() || frame.dst->is_v4()) frame.faults.set(REASON_IP_HEADER);
    if (length > bytes.size() - 40) frame.faults.set(REASON_RUNT);
    if (frame.faults.any()) return;

    unsigned next = bytes[6];
    Span rest = bytes.subspan(40, length);
    for (int extensions = 0; next == 0 || next == 60; extensions++) {
        if (extensions == kMostExtensions || (next == 0 && extensions != 0)) {
            frame.faults.set(REASON_IP_EXTENSION);
            return;
        }
        if (rest.size() < 8 || 8U + 8U * rest[1] > rest.size()) {
            frame.faults = reasons({REASON_IP_HEADER, REASON_RUNT});
            return;
        }
        next = rest[0];
        rest = rest.subspan(8U + 8U * rest[1]);
    }
    frame.protocol = next;
    if (const auto objection = objection_to(next))
        frame.faults.set(*objection);
    else
        read_transport(frame, rest);
}

}  // namespace

std::uint16_t number16(Span bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

Frame read_frame(Span bytes, std::optional<std::uint16_t> hidden_tag) {
    Frame frame;
    bytes = read_link(frame, bytes, hidden_tag);
    switch (frame.ethertype) {
        case 0x0800:
            read_ipv4(frame, bytes);
            break;
        case 0x86dd:
            read_ipv6(frame, bytes);
            break;
        case 0x0806:
            read_arp(frame, bytes);
            break;
        case 0x888e:
            break;
        default:
            frame.faults.set(REASON_ETHERTYPE);
    }
    return frame;
}

}  // namespace portal::model
