#include "system/odd_frames.h"

#include <algorithm>
#include <initializer_list>

#include "packets/samples.h"

namespace portal::system_test {

using namespace portal::packets;  // NOLINT: frames are written as words

namespace {

class Collection {
  public:
    explicit Collection(const Mac& spared) : spared_(spared) {}

    void add(Bytes frame) {
        const bool has_source = frame.size() >= 12;
        if (has_source && std::ranges::equal(std::span(frame).subspan(6, 6), spared_.bytes)) return;
        frames_.push_back(std::move(frame));
    }
    std::vector<Bytes> take() { return std::move(frames_); }

  private:
    Mac spared_;
    std::vector<Bytes> frames_;
};

// What a stranger would like to get out with.
std::vector<Packet> wishes() {
    return {TCP{.dport = 80}, TCP{.dport = 443}, TCP{.dport = 80, .flags = kAck},
            UDP{.dport = 53}, UDP{.dport = 443}, Packet{UDP{.dport = 9000}} / Payload("out"),
            Packet{ICMP{}},   Packet{ICMPv6{}}};
}

// Single tags, stacked tags, and more than anybody stacks.
std::vector<Packet> taggings() {
    std::vector<Packet> result{Ethernet{}};
    for (const std::uint16_t tpid : {kCustomerTag, kServiceTag, std::uint16_t{0x9100}}) {
        Packet stack{Ethernet{}};
        for (std::uint16_t depth = 0; depth < 5; ++depth) {
            stack.append(Vlan{.id = static_cast<std::uint16_t>(depth * 100), .tpid = tpid});
            result.push_back(stack);
        }
    }
    return result;
}

void add_ipv4_options(Collection& frames) {
    const Bytes options{0, 1, 7, 68, 131, 137, 148, 130, 255};  // RFC 791, RFC 2113
    for (const std::uint8_t option : options)
        for (std::uint8_t words = 1; words <= 10; ++words)
            for (const Packet& wish : wishes()) {
                Bytes list(words * 4u, 0);
                list[0] = option;
                list[1] = static_cast<std::uint8_t>(words * 4);
                list[2] = 4;
                frames.add(Ethernet{} / IPv4{.options = list} / wish);
            }
}

void add_contradictory_headers(Collection& frames) {
    for (std::uint8_t value = 0; value < 16; ++value)
        for (const Packet& wish : wishes()) {
            frames.add(Ethernet{} / IPv4{.version = value} / wish);
            frames.add(Ethernet{} / IPv4{.ihl = value} / wish);
            frames.add(Ethernet{} / IPv6{.version = value} / wish);
            frames.add(Ethernet{} / IPv4{.total_length = static_cast<std::uint16_t>(value * 9)} /
                       wish);
            frames.add(Ethernet{} / IPv6{.payload_length = static_cast<std::uint16_t>(value * 5)} /
                       wish);
            frames.add(Ethernet{.ethertype = std::uint16_t{0x86dd}} / IPv4{} / wish);
            frames.add(Ethernet{.ethertype = std::uint16_t{0x0800}} / IPv6{} / wish);
        }
    for (unsigned protocol = 0; protocol < 256; ++protocol)
        for (const Packet& wish : wishes()) {
            const auto number = static_cast<std::uint8_t>(protocol);
            frames.add(Ethernet{} / IPv4{.protocol = number} / wish);
            frames.add(Ethernet{} / IPv6{.next_header = number} / wish);
        }
}

void add_fragments(Collection& frames) {
    const std::vector<std::uint16_t> offsets{0, 1, 2, 3, 100, 8191};
    for (const std::uint16_t offset : offsets)
        for (const bool more : {false, true})
            for (const Packet& wish : wishes()) {
                frames.add(Ethernet{} /
                           IPv4{.id = 7, .more_fragments = more, .fragment_offset = offset} / wish);
                frames.add(Ethernet{} / IPv6{} / Fragment{.offset = offset, .more = more} / wish);
            }
}

void add_extension_chains(Collection& frames) {
    const std::vector<Packet> links{HopByHop{}, DestinationOptions{}, Routing{},
                                    Fragment{.offset = 0, .more = false}};
    for (std::size_t a = 0; a < links.size(); ++a)
        for (std::size_t b = 0; b < links.size(); ++b)
            for (int length = 1; length <= 10; ++length)
                for (const Packet& wish : wishes()) {
                    Packet packet = Ethernet{} / IPv6{};
                    for (int i = 0; i < length; ++i)
                        packet.append(i % 2 == 0 ? links[a] : links[b]);
                    frames.add(packet / wish);
                }
}

void add_tags(Collection& frames) {
    for (const Packet& tagging : taggings())
        for (const Packet& wish : wishes()) {
            frames.add(tagging / IPv4{} / wish);
            frames.add(tagging / IPv6{} / wish);
        }
}

void add_odd_addresses(Collection& frames) {
    // Of the gateway, of the uplink's network, of nobody.
    for (const char* source : {"0.0.0.0", "127.0.0.1", "192.0.2.1", "203.0.113.1", "203.0.113.80",
                               "203.0.113.99", "224.0.0.1", "240.0.0.1", "255.255.255.255"})
        for (const Packet& wish : wishes())
            frames.add(Ethernet{} / IPv4{.src = ip(source)} / wish);
    for (const char* source : {"::", "::1", "2001:db8::1", "2001:db8:ffff::1", "2001:db8:ffff::80",
                               "2001:db8:ffff::99", "fe80::1", "ff02::1", "::ffff:192.0.2.100"})
        for (const Packet& wish : wishes())
            frames.add(Ethernet{} / IPv6{.src = ip(source)} / wish);
    for (const char* source : {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01",
                               "02:00:00:00:00:01", "02:00:00:00:01:01"})
        for (const Packet& wish : wishes()) {
            frames.add(Ethernet{.src = mac(source)} / IPv4{} / wish);
            frames.add(Ethernet{.src = mac(source)} / IPv6{} / wish);
        }
}

// Wishes in each family, and every kind of frame a client sends.
std::vector<Bytes> well_formed() {
    std::vector<Bytes> frames = sample_frames();
    for (const Packet& wish : wishes()) {
        frames.push_back(Ethernet{} / IPv4{} / wish);
        frames.push_back(Ethernet{} / IPv6{} / wish);
    }
    return frames;
}

void add_truncated(Collection& frames) {
    for (const Bytes& frame : well_formed())
        for (std::size_t size = 0; size < frame.size(); ++size)
            frames.add(truncate(frame, size));
}

void add_flipped(Collection& frames) {
    for (const Bytes& frame : well_formed())
        for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
            Bytes bent = frame;
            bent[bit / 8] = static_cast<std::uint8_t>(bent[bit / 8] ^ (1u << bit % 8));
            frames.add(std::move(bent));
        }
}

}  // namespace

std::vector<Bytes> odd_frames(const Mac& spared) {
    Collection frames(spared);
    add_ipv4_options(frames);
    add_contradictory_headers(frames);
    add_fragments(frames);
    add_extension_chains(frames);
    add_tags(frames);
    add_odd_addresses(frames);
    add_truncated(frames);
    add_flipped(frames);
    return frames.take();
}

}  // namespace portal::system_test
