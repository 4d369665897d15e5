#include "bpf/answer_check.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace portal::gate {

namespace {

using packets::Bytes;
using Span = std::span<const std::uint8_t>;

// Beyond the link header.
constexpr std::size_t kLongest = 96;

std::uint32_t number(Span bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; i++)
        value = value << 8 | bytes[at + i];
    return value;
}

bool same(Span a, Span b) {
    return std::ranges::equal(a, b);
}

std::size_t link_size(Span frame) {
    std::size_t type = 12;
    for (int tags = 0; tags < 2; tags++)
        if (number(frame, type, 2) == 0x8100 || number(frame, type, 2) == 0x88a8) type += 4;
    return type + 2;
}

// An IP packet of either family, without options or extension headers.
struct Ip {
    explicit Ip(Span packet) : v4(packet[0] >> 4 == 4) {
        const std::size_t header = v4 ? 20 : 40,
                          length = v4 ? number(packet, 2, 2) : number(packet, 4, 2) + 40;
        protocol = packet[v4 ? 9 : 6];
        hops = packet[v4 ? 8 : 7];
        source = packet.subspan(v4 ? 12 : 8, v4 ? 4 : 16);
        destination = packet.subspan(v4 ? 16 : 24, v4 ? 4 : 16);
        fits = length >= header && length <= packet.size();
        if (!fits) return;
        body = packet.subspan(header, length - header);
        trailer = packet.subspan(length);
    }

    // Of a sum over the body and the pseudo header: all ones if the checksum in it is right.
    bool sums_up() const {
        std::uint32_t sum = 0;
        if (protocol != 1) {
            sum = packets::partial_sum(source, sum);
            sum = packets::partial_sum(destination, sum);
            sum += protocol + static_cast<std::uint32_t>(body.size());
        }
        return packets::checksum(body, sum) == 0;
    }

    bool v4;
    bool fits = false;
    std::uint8_t protocol = 0;
    std::uint8_t hops = 0;
    Span source, destination, body, trailer;
};

std::string broken_reset(const Ip& asked, const Ip& answer) {
    if (answer.body.size() != 20 || answer.body[12] != 0x50) return "a reset is a bare header";
    const std::uint8_t flags = answer.body[13];
    if (flags != 0x04 && flags != 0x14) return "the flags are RST, with ACK or without";
    if (flags == 0x04 && number(answer.body, 8, 4) != 0) return "nothing is acknowledged";
    if (flags == 0x14 && number(answer.body, 4, 4) != 0) return "the sequence number is 0";
    if (!same(answer.source, asked.destination)) return "it comes from who was asked";
    // The transport header of what was asked may be behind extension headers.
    if (asked.protocol != 6) return "";
    if (!same(answer.body.first(2), asked.body.subspan(2, 2)) ||
        !same(answer.body.subspan(2, 2), asked.body.first(2)))
        return "the ports are swapped";
    if ((asked.body[13] & 0x04) != 0) return "a reset is not answered";
    if (flags == 0x04 && (asked.body[13] & 0x10) == 0) return "RST alone answers an ACK";
    return "";
}

std::string broken_error(Span asked_packet, const Ip& asked, const Ip& answer) {
    const std::uint32_t type_and_code = number(answer.body, 0, 2);
    if (type_and_code != (answer.v4 ? 0x030d : 0x0101)) return "it says prohibited";
    if (number(answer.body, 4, 4) != 0) return "the unused field is 0";
    const Span quote = answer.body.subspan(8);
    if (quote.size() != (answer.v4 ? 28 : 48)) return "the quote is the header and 8 bytes";
    if (!same(quote, asked_packet.first(quote.size()))) return "the quote is what was sent";
    if (asked.protocol == 6) return "TCP gets a reset";
    if (asked.protocol == (asked.v4 ? 1 : 58) && asked.body[0] != (asked.v4 ? 8 : 128))
        return "of ICMP only an echo request is answered";
    return "";
}

bool is_one_host(const Ip& ip, Span address) {
    return ip.v4 ? address[0] < 224 && address[0] != 0 : address[0] != 0xff;
}

}  // namespace

std::string broken_rule(const Bytes& frame, const Bytes& answer_frame) {
    const std::size_t link = link_size(frame);
    const Span asked_frame(frame), sent(answer_frame);
    if (sent.size() < link + 40 || sent.size() > link + kLongest) return "its size is in bounds";
    if (sent.size() < 60) return "Ethernet's shortest frame is of 60 bytes";
    if (!same(sent.first(6), asked_frame.subspan(6, 6))) return "it goes to who asked";
    if (!same(sent.subspan(6, 6), asked_frame.first(6))) return "it comes from the gateway";
    if ((sent[0] & 1) != 0 || (sent[6] & 1) != 0) return "stations, not groups";
    if (!same(sent.subspan(12, link - 12), asked_frame.subspan(12, link - 12)))
        return "tags and type stay";

    const Span asked_packet = asked_frame.subspan(link);
    const Ip asked(asked_packet), answer(sent.subspan(link));
    if (!asked.fits) return "what does not fit is not answered";
    if (asked.v4 != answer.v4) return "the family stays";
    if (!answer.fits) return "the length is right";
    if (std::ranges::any_of(answer.trailer, [](auto byte) { return byte != 0; }))
        return "the padding is zero";
    if (answer.v4 && sent[link] != 0x45) return "there are no options";
    if (answer.v4 && number(sent, link + 4, 4) != 0x4000) return "DF is set, ID and offset are 0";
    if (answer.v4 && packets::checksum(sent.subspan(link, 20)) != 0)
        return "the checksum of the header is right";
    if (!answer.v4 && number(sent, link, 4) != 0x60000000) return "class and flow label are 0";
    if (answer.hops != 64) return "it may go far enough";
    if (!same(answer.destination, asked.source)) return "it goes to the address that asked";
    if (!is_one_host(asked, asked.source) || !is_one_host(asked, asked.destination))
        return "groups are not answered";
    if (!answer.sums_up()) return "the checksum is right";
    if (answer.protocol == 6) return broken_reset(asked, answer);
    if (answer.protocol == (answer.v4 ? 1 : 58)) return broken_error(asked_packet, asked, answer);
    return "it is TCP or ICMP";
}

}  // namespace portal::gate
