#include "bpf/mutation.h"

#include <algorithm>
#include <array>
#include <span>

#include "bpf/world.h"
#include "packets/samples.h"

namespace portal::gate {

using namespace packets;

namespace {

constexpr std::size_t kLeast = 14;
constexpr std::size_t kHeaders = 96;  // where bending matters

// Values on an edge: protocols, lengths, ports, message types.
constexpr std::uint8_t kEdges[] = {0,  1,   2,   4,   5,   6,   7,   8,   15,  16,  17, 20,
                                   43, 44,  47,  50,  51,  53,  58,  59,  60,  67,  68, 80,
                                   81, 127, 128, 133, 134, 135, 136, 137, 143, 254, 255};

constexpr std::array<std::uint16_t, 12> kPorts = {22,  53,  67,  68,   80,         443,
                                                  546, 547, 853, 5353, kGardenTcp, kGardenUdp};

// Where the network header begins, and its ethertype.
struct Network {
    std::size_t at = 14;
    std::uint16_t ethertype = 0;
};

Network network_of(const Bytes& frame) {
    Network network;
    for (std::size_t type = 12; type + 2 <= frame.size(); type += 4) {
        network = {type + 2, static_cast<std::uint16_t>(frame[type] << 8 | frame[type + 1])};
        if (network.ethertype != kCustomerTag && network.ethertype != kServiceTag) break;
    }
    return network;
}

void overwrite(Bytes& frame, std::size_t at, std::span<const std::uint8_t> bytes) {
    if (at + bytes.size() <= frame.size())
        std::ranges::copy(bytes, frame.begin() + static_cast<std::ptrdiff_t>(at));
}

void insert(Bytes& frame, std::size_t at, std::span<const std::uint8_t> bytes) {
    if (at <= frame.size())
        frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
}

const std::vector<IpAddress>& places() {
    static const std::vector<IpAddress> all = [] {
        std::vector<IpAddress> list{kGatewayLinkLocal, kClientLinkLocal,      ip("ff02::1"),
                                    ip("ff02::2"),     ip("ff02::1:2"),       ip("fe80::99"),
                                    ip("ff05::2"),     ip("255.255.255.255"), ip("0.0.0.9")};
        for (const Family& f : kFamilies)
            for (const IpAddress& address :
                 {f.client, f.gateway, f.uplink, f.resolver, f.server, f.garden, f.garden_ports,
                  f.unspecified, f.loopback, f.group})
                list.push_back(address);
        return list;
    }();
    return all;
}

void place(Bytes& frame, bool source, const IpAddress& address) {
    const Network network = network_of(frame);
    if (network.ethertype == 0x0800)
        overwrite(frame, network.at + (source ? 12 : 16), std::span(address.bytes).last(4));
    else if (network.ethertype == 0x86dd)
        overwrite(frame, network.at + (source ? 8 : 24), address.bytes);
    else if (network.ethertype == 0x0806)
        overwrite(frame, network.at + (source ? 14 : 24), std::span(address.bytes).last(4));
}

void extend_ipv6(Bytes& frame, std::uint8_t kind, std::uint8_t length) {
    const Network network = network_of(frame);
    if (network.ethertype != 0x86dd || frame.size() < network.at + 40) return;
    Bytes extension{frame[network.at + 6], length, 1, 4, 0, 0, 0, 0};
    frame[network.at + 6] = kind;
    const auto payload =
        static_cast<std::uint16_t>((frame[network.at + 4] << 8 | frame[network.at + 5]) + 8);
    set16(frame, network.at + 4, payload);
    insert(frame, network.at + 40, extension);
}

std::size_t transport_of(const Bytes& frame) {
    const Network network = network_of(frame);
    return network.at + (network.ethertype == 0x86dd ? 40 : 20);
}

}  // namespace

Mutation::Mutation(std::uint64_t seed) : Mutation(seed, sample_frames()) {}

Mutation::Mutation(std::uint64_t seed, std::vector<Bytes> samples)
    : random_(seed), samples_(std::move(samples)) {}

Bytes Mutation::next() {
    Bytes frame = samples_[below(samples_.size())];
    for (std::size_t times = below(5); times > 0; times--)
        bend(frame);
    if (frame.size() < kLeast) frame.resize(kLeast);
    return frame;
}

void Mutation::bend(Bytes& frame) {
    const std::size_t somewhere = below(std::min(frame.size(), kHeaders));
    switch (below(16)) {
        case 0:
            frame[somewhere] ^= static_cast<std::uint8_t>(1U << below(8));
            break;
        case 1:
            frame[somewhere] = byte();
            break;
        case 2:
        case 3:
            frame[somewhere] = kEdges[below(std::size(kEdges))];
            break;
        case 4:
            frame.resize(std::max(kLeast, below(frame.size() + 1)));
            break;
        case 5:
            frame.resize(frame.size() + below(64));
            break;
        case 6:
            insert(frame, 12,
                   Bytes{static_cast<std::uint8_t>(below(2) == 0 ? 0x81 : 0x88),
                         static_cast<std::uint8_t>(below(2) == 0 ? 0x00 : 0xa8), byte(), byte()});
            break;
        case 7:
            insert(frame, 12, Bytes{0x81, 0x00, 0x00, static_cast<std::uint8_t>(below(2) * 100)});
            break;
        case 8:
            extend_ipv6(frame, static_cast<std::uint8_t>(below(4) == 0 ? 0 : 60),
                        static_cast<std::uint8_t>(below(8) == 0 ? below(40) : 0));
            break;
        case 9:
            place(frame, true, places()[below(places().size())]);
            break;
        case 10:
        case 11:
            place(frame, false, places()[below(places().size())]);
            break;
        case 12:
        case 13: {
            const std::size_t at = transport_of(frame) + 2 * below(2);
            if (at + 2 <= frame.size()) set16(frame, at, kPorts[below(kPorts.size())]);
            break;
        }
        case 14: {
            // A length, a little off.
            const std::size_t at = network_of(frame).at + 2 + 2 * below(2);
            if (at + 2 <= frame.size())
                set16(frame, at,
                      static_cast<std::uint16_t>(frame[at] << 8 |
                                                 ((frame[at + 1] + below(9) - 4) & 0xff)));
            break;
        }
        case 15:
            for (std::size_t i = kLeast; i < frame.size(); i++)
                if (below(4) == 0) frame[i] = byte();
            break;
    }
}

}  // namespace portal::gate
