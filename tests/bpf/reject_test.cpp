// blocked_traffic = "reset": the answer to each kind of blocked frame, byte by byte; to which there
// is none; and how many there are.
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include "bpf/answer_check.h"
#include "bpf/gate.h"
#include "bpf/mutation.h"
#include "bpf/tables/check.h"
#include "bpf/tables/ingress.h"

namespace portal::gate {
namespace {

using namespace packets;

constexpr int kFrames = 300'000;

// Longer ones reach XDP in pieces.
constexpr std::size_t kLinear = 3000;

// A link header and its counterpart.
struct Link {
    const char* name;
    Packet there;
    Packet back;
};

std::vector<Link> links() {
    const Ethernet to{.src = kClientMac, .dst = kGatewayMac},
        from{.src = kGatewayMac, .dst = kClientMac};
    const Vlan tag{.id = 100, .priority = 5}, outer{.id = 100, .tpid = kServiceTag},
        inner{.id = 200, .priority = 5}, none{.id = 0};
    return {{"untagged", to, from},
            {"VLAN", to / tag, from / tag},
            {"802.1ad", to / outer, from / outer},
            {"QinQ", to / outer / inner, from / outer / inner},
            {"priority tag", to / none, from / none}};
}

class Reject : public testing::Test {
  protected:
    Outcome ingress(const Bytes& frame) {
        gate.refill_answers();
        return gate.ingress(frame);
    }

    void expect_answer(const Bytes& frame, const Bytes& answer, reason expected, reason sent) {
        const Outcome outcome = ingress(frame);
        EXPECT_EQ(outcome.action, XDP_TX);
        EXPECT_STREQ(name_of(outcome.reason), name_of(expected));
        EXPECT_EQ(outcome.bytes, frame.size());
        EXPECT_STREQ(name_of(outcome.sent), name_of(sent));
        EXPECT_EQ(outcome.sent_bytes, answer.size());
        EXPECT_EQ(outcome.answer, answer);
        EXPECT_EQ(broken_rule(frame, outcome.answer), "");
    }

    void expect_silence(const Bytes& frame, reason expected) {
        const Outcome outcome = ingress(frame);
        EXPECT_EQ(outcome.action, XDP_DROP);
        EXPECT_STREQ(name_of(outcome.reason), name_of(expected));
        EXPECT_EQ(outcome.sent, -1) << name_of(outcome.sent);
    }

    Gate gate{{.reset = true}};
};

// The answer's IP header.
Packet back(const Family& family, const IpAddress& from, const IpAddress& to) {
    if (family.client.is_v4()) return IPv4{.src = from, .dst = to, .dont_fragment = true};
    return IPv6{.src = from, .dst = to};
}

struct Segment {
    const char* name;
    TCP tcp;  // its port is 443
    std::size_t payload;
    TCP reset;
};

std::vector<Segment> segments() {
    constexpr std::uint8_t kWithAck = kRst | kAck;
    const auto segment = [](const char* name, TCP tcp, std::size_t payload, TCP reset) {
        tcp.dport = reset.sport = 443;
        tcp.sport = reset.dport = 40000;
        reset.window = 0;
        return Segment{name, tcp, payload, reset};
    };
    return {
        segment("SYN", {.seq = 1000, .flags = kSyn}, 0, {.seq = 0, .ack = 1001, .flags = kWithAck}),
        segment("SYN with options",
                {.seq = 1000, .flags = kSyn, .options = {2, 4, 5, 180, 1, 3, 3, 7}}, 0,
                {.seq = 0, .ack = 1001, .flags = kWithAck}),
        segment("SYN with the longest options", {.seq = 1, .flags = kSyn, .options = Bytes(40, 1)},
                0, {.seq = 0, .ack = 2, .flags = kWithAck}),
        segment("SYN with ECN", {.seq = 7, .flags = kSyn | kEce | kCwr}, 0,
                {.seq = 0, .ack = 8, .flags = kWithAck}),
        segment("SYN with data", {.seq = 1000, .flags = kSyn, .options = {1, 1, 1, 1}}, 17,
                {.seq = 0, .ack = 1018, .flags = kWithAck}),
        segment("the last sequence number", {.seq = 0xffffffff, .flags = kSyn}, 0,
                {.seq = 0, .ack = 0, .flags = kWithAck}),
        segment("sequence numbers wrap", {.seq = 0xfffffff0, .flags = kPsh}, 100,
                {.seq = 0, .ack = 84, .flags = kWithAck}),
        segment("ACK", {.seq = 1, .ack = 0x89abcdef, .flags = kAck}, 0,
                {.seq = 0x89abcdef, .ack = 0, .flags = kRst}),
        segment("data, even", {.seq = 1, .ack = 99, .flags = kAck | kPsh}, 1000,
                {.seq = 99, .ack = 0, .flags = kRst}),
        segment("data, odd", {.seq = 1, .ack = 99, .flags = kAck | kPsh}, 1001,
                {.seq = 99, .ack = 0, .flags = kRst}),
        segment("one byte", {.seq = 1, .ack = 99, .flags = kAck}, 1,
                {.seq = 99, .ack = 0, .flags = kRst}),
        segment("a full segment", {.seq = 1, .ack = 99, .flags = kAck, .options = Bytes(12, 1)},
                1428, {.seq = 99, .ack = 0, .flags = kRst}),
        segment("FIN ACK", {.seq = 5, .ack = 6, .flags = kFin | kAck}, 3,
                {.seq = 6, .ack = 0, .flags = kRst}),
        segment("FIN", {.seq = 5, .flags = kFin}, 3, {.seq = 0, .ack = 9, .flags = kWithAck}),
        segment("SYN FIN", {.seq = 5, .flags = kSyn | kFin}, 3,
                {.seq = 0, .ack = 10, .flags = kWithAck}),
        segment("SYN ACK", {.seq = 5, .ack = 6, .flags = kSyn | kAck}, 0,
                {.seq = 6, .ack = 0, .flags = kRst}),
        segment("no flags", {.seq = 5, .flags = 0}, 3, {.seq = 0, .ack = 8, .flags = kWithAck}),
    };
}

TEST_F(Reject, ResetsTcp) {
    for (const Link& link : links())
        for (const Family& family : kFamilies)
            for (const Segment& segment : segments()) {
                SCOPED_TRACE(std::string(link.name) + ", " + family.name + ", " + segment.name);
                const Bytes frame =
                    link.there / family.to(family.server) / segment.tcp / Payload{segment.payload};
                const Bytes answer =
                    link.back / back(family, family.server, family.client) / segment.reset;
                // Ethernet's shortest payload, 46 bytes, in words of 4.
                const std::size_t padded = Bytes(link.back).size() + 48;
                expect_answer(frame, pad(answer, padded), REASON_HTTPS, REASON_TX_RESET);
                // What Ethernet adds is no part of the segment.
                expect_answer(pad(frame, 1601), pad(answer, padded), REASON_HTTPS, REASON_TX_RESET);
            }
}

TEST_F(Reject, ResetsTcpOfEveryKind) {
    const Ethernet to{}, from{.src = kGatewayMac, .dst = kClientMac};
    for (const Family& family : kFamilies) {
        SCOPED_TRACE(family.name);
        const auto check = [&](const IpAddress& server, std::uint16_t port, reason expected) {
            expect_answer(to / family.to(server) / TCP{.dport = port},
                          pad(from / back(family, server, family.client) /
                                  TCP{.sport = port,
                                      .dport = 40000,
                                      .seq = 0,
                                      .ack = 2,
                                      .flags = kRst | kAck,
                                      .window = 0},
                              14 + 48),
                          expected, REASON_TX_RESET);
        };
        check(family.server, 22, REASON_TCP);
        check(family.gateway, 22, REASON_TCP);
        check(family.uplink, 443, REASON_HTTPS);
        check(family.server, 53, REASON_DNS_FOREIGN);
        check(family.garden_ports, kGardenUdp, REASON_TCP);
    }
}

TEST_F(Reject, ResetsTcpBehindExtensionHeaders) {
    const Ethernet to{}, from{.src = kGatewayMac, .dst = kClientMac};
    expect_answer(to / IPv6{} / HopByHop{} / DestinationOptions{.length = 2} /
                      TCP{.dport = 443, .options = {1, 1, 1, 1}} / Payload{5},
                  from / IPv6{.src = kServer6, .dst = kClient6} /
                      TCP{.sport = 443,
                          .dport = 40000,
                          .seq = 0,
                          .ack = 7,
                          .flags = kRst | kAck,
                          .window = 0},
                  REASON_HTTPS, REASON_TX_RESET);
}

TEST_F(Reject, ResetsTcpBetweenLinkLocalAddresses) {
    expect_answer(
        Ethernet{} / IPv6{.src = kClientLinkLocal, .dst = kGatewayLinkLocal} / TCP{.dport = 22},
        Ethernet{.src = kGatewayMac, .dst = kClientMac} /
            IPv6{.src = kGatewayLinkLocal, .dst = kClientLinkLocal} /
            TCP{.sport = 22, .dport = 40000, .seq = 0, .ack = 2, .flags = kRst | kAck, .window = 0},
        REASON_TCP, REASON_TX_RESET);
}

// "Communication administratively prohibited", from `gateway`.
Bytes prohibited(const Packet& link, const Family& family, const IpAddress& gateway,
                 const IpAddress& client, const Bytes& frame, std::size_t network) {
    const bool v4 = family.client.is_v4();
    const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(network);
    const Payload quote(Bytes(begin, begin + (v4 ? 28 : 48)));
    const Packet ip = link / back(family, gateway, client);
    if (v4) return ip / ICMP{.type = 3, .code = 13} / quote;
    return ip / ICMPv6{.type = 1, .code = 1} / quote;
}

TEST_F(Reject, TellsTheRestThatItIsProhibited) {
    for (const Link& link : links())
        for (const Family& family : kFamilies) {
            const std::size_t network = Bytes(link.there).size();
            const auto check = [&](const char* what, const Packet& inner, reason expected) {
                SCOPED_TRACE(std::string(link.name) + ", " + family.name + ", " + what);
                const Bytes frame = link.there / family.to(family.server) / inner;
                const Bytes answer =
                    prohibited(link.back, family, family.gateway, family.client, frame, network);
                expect_answer(frame, answer, expected, REASON_TX_UNREACHABLE);
                expect_answer(pad(frame), answer, expected, REASON_TX_UNREACHABLE);
            };
            check("QUIC", UDP{.dport = 443} / Payload{1200}, REASON_QUIC);
            check("empty datagram", UDP{.dport = 9000}, REASON_UDP);
            check("one byte", UDP{.dport = 9000} / Payload{1}, REASON_UDP);
            check("odd datagram", UDP{.dport = 9000} / Payload{"abc"}, REASON_UDP);
            check("a full one", UDP{.dport = 9000} / Payload{1472}, REASON_UDP);
            check("no checksum", UDP{.dport = 9000, .checksum = 0} / Payload{"x"}, REASON_UDP);
            check("foreign DNS", UDP{.dport = 53} / Payload{30}, REASON_DNS_FOREIGN);
            check("ping", family.echo_request(), REASON_ICMP);
            check("experimental protocol", Payload{8}, REASON_PROTOCOL);
            check("experimental protocol, long", Payload{999}, REASON_PROTOCOL);
        }
}

TEST_F(Reject, AnswersByTheGatewaysAddressThatWasAsked) {
    for (const Family& family : kFamilies)
        for (const IpAddress& asked : {family.gateway, family.uplink}) {
            SCOPED_TRACE(asked.to_string());
            const Bytes frame = Ethernet{} / family.to(asked) / UDP{.dport = 9000};
            expect_answer(frame,
                          prohibited(Ethernet{.src = kGatewayMac, .dst = kClientMac}, family, asked,
                                     family.client, frame, 14),
                          REASON_UDP, REASON_TX_UNREACHABLE);
        }
    const Bytes frame =
        Ethernet{} / IPv6{.src = kClientLinkLocal, .dst = kGatewayLinkLocal} / UDP{.dport = 9000};
    expect_answer(frame,
                  prohibited(Ethernet{.src = kGatewayMac, .dst = kClientMac}, kFamilies[1],
                             kGatewayLinkLocal, kClientLinkLocal, frame, 14),
                  REASON_UDP, REASON_TX_UNREACHABLE);
}

TEST_F(Reject, AnswersToGoOutAreNeverReset) {
    for (const Family& family : kFamilies)
        for (const std::uint8_t flags :
             {kRst, static_cast<std::uint8_t>(kRst | kAck), static_cast<std::uint8_t>(kRst | kSyn)})
            expect_silence(
                Ethernet{} / family.to(family.server) / TCP{.dport = 443, .flags = flags},
                REASON_HTTPS);
}

TEST_F(Reject, AnswersNoIcmpButPings) {
    for (const std::uint8_t type : Bytes{0, 3, 4, 5, 9, 10, 11, 12, 13, 15, 17, 42})
        expect_silence(Ethernet{} / IPv4{} / ICMP{.type = type} / Payload{56}, REASON_ICMP);
    for (const std::uint8_t type : Bytes{1, 2, 3, 4, 100, 127, 129, 139, 255})
        expect_silence(Ethernet{} / IPv6{} / ICMPv6{.type = type} / Payload{56}, REASON_ICMP);
    expect_silence(Ethernet{} / IPv4{} / ICMPv6{} / Payload{56}, REASON_PROTOCOL);
    expect_silence(Ethernet{} / IPv6{} / ICMP{} / Payload{56}, REASON_PROTOCOL);
}

TEST_F(Reject, AnswersNothingToOrFromAGroup) {
    const Ethernet to_all{.dst = kBroadcastMac}, to_group{.dst = mac("01:00:5e:00:00:fb")};
    const Ethernet eth{};
    for (const Packet& inner : {Packet{UDP{.dport = 5353}}, Packet{TCP{.dport = 443}}}) {
        const reason expected = Bytes(inner).size() == 8 ? REASON_UDP : REASON_HTTPS;
        for (const Family& family : kFamilies) {
            SCOPED_TRACE(family.name);
            expect_silence(to_all / family.to(family.server) / inner, expected);
            expect_silence(to_group / family.to(family.server) / inner, expected);
            expect_silence(to_group / family.to(family.group) / inner, expected);
            expect_silence(eth / family.to(family.group) / inner, expected);
            expect_silence(eth / family.from_to(family.group, family.server) / inner, expected);
            expect_silence(eth / family.to(family.loopback) / inner, expected);
            expect_silence(eth / family.to(family.unspecified) / inner, expected);
        }
        for (const char* group : {"255.255.255.255", "192.0.2.255", "224.0.0.251", "240.0.0.1"})
            expect_silence(eth / IPv4{.dst = ip(group)} / inner, expected);
        expect_silence(eth / IPv4{.src = kBroadcast4} / inner, expected);
        expect_silence(eth / IPv6{.dst = ip("ff02::fb")} / inner, expected);
    }
}

TEST_F(Reject, AnswersWhatIsSentToTheGatewayAlone) {
    for (const Family& family : kFamilies)
        expect_silence(Ethernet{.dst = kOtherMac} / family.to(family.server) / TCP{.dport = 443},
                       REASON_HTTPS);
}

TEST_F(Reject, AnswersOnlyWhoCanBeAClientHere) {
    for (const Family& family : kFamilies) {
        SCOPED_TRACE(family.name);
        for (const IpAddress& source : {family.server, family.garden, family.gateway, family.uplink,
                                        family.unspecified, family.loopback}) {
            const Packet ip = Ethernet{} / family.from_to(source, family.server);
            expect_silence(ip / TCP{.dport = 443}, REASON_HTTPS);
            expect_silence(ip / UDP{.dport = 443}, REASON_QUIC);
        }
        expect_silence(Ethernet{.src = kGatewayMac} / family.to(family.server) / TCP{.dport = 443},
                       REASON_HTTPS);
    }
    // Beyond the link nobody could have asked.
    expect_silence(Ethernet{} / IPv6{.src = kClientLinkLocal} / UDP{.dport = 443}, REASON_QUIC);
}

TEST_F(Reject, AnswersNoFragment) {
    for (const std::uint8_t offset : Bytes{0, 1, 100}) {
        expect_silence(Ethernet{} / IPv4{.more_fragments = true, .fragment_offset = offset} /
                           UDP{.dport = 9000} / Payload{32},
                       REASON_FRAGMENT);
        expect_silence(
            Ethernet{} / IPv6{} / Fragment{.offset = offset} / UDP{.dport = 9000} / Payload{32},
            REASON_FRAGMENT);
    }
}

TEST_F(Reject, AnswersNothingThatIsMalformed) {
    const Ethernet eth{};
    for (const Family& family : kFamilies) {
        const Packet ip = eth / family.to(family.server);
        expect_silence(ip / TCP{.dport = 443, .data_offset = 4}, REASON_TRANSPORT_HEADER);
        expect_silence(ip / TCP{.dport = 443, .data_offset = 6}, REASON_TRANSPORT_HEADER);
        expect_silence(ip / UDP{.dport = 9000, .length = 7}, REASON_TRANSPORT_HEADER);
        expect_silence(ip / UDP{.dport = 9000, .length = 9}, REASON_TRANSPORT_HEADER);
        expect_silence(truncate(ip / TCP{.dport = 443} / Payload{20}, 60), REASON_RUNT);
        // Too little to tell whose it is.
        expect_silence(ip / Payload{7}, REASON_PROTOCOL);
        expect_silence(pad(ip / Payload{7}, 200), REASON_PROTOCOL);
    }
    expect_silence(eth / IPv4{.options = {7, 3, 4, 0}} / TCP{.dport = 443}, REASON_IP_OPTIONS);
    expect_silence(eth / IPv6{} / Routing{} / TCP{.dport = 443}, REASON_IP_OPTIONS);
    expect_silence(eth / Vlan{} / Vlan{} / Vlan{} / IPv4{} / TCP{.dport = 443}, REASON_VLAN_TAGS);
}

TEST_F(Reject, QuotesNothingBehindExtensionHeaders) {
    expect_silence(Ethernet{} / IPv6{} / DestinationOptions{} / UDP{.dport = 443} / Payload{32},
                   REASON_QUIC);
}

TEST_F(Reject, AnswersNoFrameInPieces) {
    for (const Family& family : kFamilies) {
        const Packet ip = Ethernet{} / family.to(family.server);
        expect_silence(ip / UDP{.dport = 443} / Payload{8900}, REASON_QUIC);
        expect_silence(ip / TCP{.dport = 443, .flags = kAck} / Payload{8900}, REASON_HTTPS);
    }
}

// Each frame of the tables has the reason it has without answers, whoever sends it, and what is
// answered is the stranger's and was dropped.
TEST_F(Reject, ChangesNoVerdict) {
    int answered = 0;
    for (const Standing standing : kStandings)
        for (const IngressRow& row : ingress_rows()) {
            SCOPED_TRACE(std::string(name_of(standing)) + ": " + row.description);
            Gate& with = gate;
            static Gate without;
            const client_key key = key_of(kClientMac, row.vlan);
            set_standing(with, key, standing);
            set_standing(without, key, standing);
            const Outcome outcome = ingress(row.frame);
            EXPECT_STREQ(name_of(outcome.reason), name_of(without.ingress(row.frame).reason));
            if (outcome.action != XDP_TX) {
                EXPECT_EQ(outcome.action, is_pass(outcome.reason) ? XDP_PASS : XDP_DROP);
                EXPECT_EQ(outcome.sent, -1);
                continue;
            }
            answered++;
            EXPECT_FALSE(is_pass(outcome.reason));
            EXPECT_EQ(outcome.reason, row.stranger);
            EXPECT_NE(outcome.sent, -1);
            EXPECT_EQ(broken_rule(row.frame, outcome.answer), "");
        }
    EXPECT_GT(answered, 100);
}

TEST_F(Reject, EveryAnswerToABentFrameIsWellFormed) {
    Mutation mutation(0x1812);
    int answered = 0;
    for (int i = 0; i < kFrames && !HasFailure(); i++) {
        const Bytes frame = mutation.next();
        if (frame.size() > kLinear) continue;
        if (i % 16 == 0) gate.refill_answers();
        const Bytes answer = gate.ingress_answer(frame);
        if (answer.empty()) continue;
        answered++;
        EXPECT_EQ(broken_rule(frame, answer), "") << testing::PrintToString(frame);
    }
    EXPECT_GT(answered, kFrames / 20) << "the frames are bent too far to tell anything";
}

TEST(RejectOff, AnswersNothing) {
    Gate gate;
    for (const IngressRow& row : ingress_rows()) {
        SCOPED_TRACE(row.description);
        const Outcome outcome = gate.ingress(row.frame);
        EXPECT_NE(outcome.action, XDP_TX);
        EXPECT_EQ(outcome.sent, -1);
    }
}

// How many of `frames` are answered, and how many could be at most: `burst`, and what `rate` a
// second gives while it lasts.
void expect_rationed(Gate& gate, const std::vector<Bytes>& frames, std::uint64_t burst,
                     std::uint64_t rate) {
    constexpr std::uint64_t kSecond = 1'000'000'000;
    gate.refill_answers();
    const std::uint64_t begin = now();
    std::uint64_t answered = 0;
    for (const Bytes& frame : frames)
        answered += !gate.ingress_answer(frame).empty();
    const std::uint64_t passed = now() - begin;
    EXPECT_GE(answered, burst);
    EXPECT_LE(answered, burst + passed * rate / kSecond + 1);
}

const Packet kHttps = IPv4{} / TCP{.dport = 443};

TEST_F(Reject, RationsTheAnswersToAClient) {
    const std::vector<Bytes> flood(2000, Ethernet{} / kHttps);
    expect_rationed(gate, flood, 50, 50);
    // The others have theirs, whatever they differ in.
    const Packet of_any_link = IPv6{.src = kClientLinkLocal} / TCP{.dport = 443};
    std::vector<Bytes> others{Ethernet{} / Vlan{.id = 1} / of_any_link,
                              Ethernet{} / Vlan{.id = 2048} / of_any_link};
    for (const std::size_t bit : {1U, 6U, 8U, 20U, 30U, 40U, 46U, 47U}) {
        Ethernet near{};
        near.src.bytes.at(bit / 8) ^= static_cast<std::uint8_t>(0x80U >> bit % 8);
        others.push_back(near / kHttps);
    }
    for (const Bytes& other : others)
        EXPECT_EQ(gate.ingress(other).action, XDP_TX) << testing::PrintToString(other);
}

TEST_F(Reject, RationsTheAnswersToAll) {
    std::vector<Bytes> flood;
    Ethernet from{};
    for (int i = 0; i < 5000; i++) {
        from.src.bytes[4] = static_cast<std::uint8_t>(i >> 8);
        from.src.bytes[5] = static_cast<std::uint8_t>(i);
        if (from.src != kGatewayMac) flood.push_back(from / kHttps);
    }
    expect_rationed(gate, flood, 100, 1000);
}

TEST_F(Reject, CountsWhatIsNotAnsweredAsBefore) {
    gate.refill_answers();
    const Bytes frame = Ethernet{} / kHttps;
    Outcome outcome;
    for (int i = 0; i < 1000 && outcome.action != XDP_DROP; i++)
        outcome = gate.ingress(frame);
    EXPECT_EQ(outcome.action, XDP_DROP);
    EXPECT_EQ(outcome.reason, REASON_HTTPS);
    EXPECT_EQ(outcome.bytes, frame.size());
    EXPECT_EQ(outcome.sent, -1);
}

}  // namespace
}  // namespace portal::gate
