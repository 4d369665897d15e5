#include "system/attacks/attack.h"

namespace portal::system_test {

namespace {

bool holds(const Bytes& frame, std::string_view needle) {
    return !std::ranges::search(frame, needle).empty();
}

std::vector<Bytes> without_chatter(std::vector<Bytes> frames) {
    std::erase_if(frames, lab::is_chatter);
    return frames;
}

}  // namespace

AttackTest::AttackTest(const Settings& settings) : portald_(lab_, settings) {
    run({"client", "trust", kTrustedMac.to_string()});
}

Packet AttackTest::from_to(const IpAddress& source, const IpAddress& destination,
                           const Ethernet& link) const {
    return v4() ? link / IPv4{.src = source, .dst = destination}
                : link / IPv6{.src = source, .dst = destination};
}

Packet AttackTest::carrying(std::uint8_t protocol, const IpAddress& destination) const {
    return v4() ? Ethernet{} / IPv4{.dst = destination, .protocol = protocol}
                : Ethernet{} / IPv6{.dst = destination, .next_header = protocol};
}

Packet AttackTest::echo_reply() const {
    return v4() ? Packet{ICMP{.type = 0}} : Packet{ICMPv6{.type = 129}};
}

Packet AttackTest::from_accomplice() const {
    return from_to(server_address(), client_address(),
                   Ethernet{.src = kInternetMac, .dst = lab::kUplinkMac});
}

AttackTest::Seen AttackTest::send(const std::vector<Bytes>& frames) const {
    for (const Bytes& frame : frames)
        EXPECT_TRUE(client_.send(frame)) << "not sent: " << testing::PrintToString(frame);
    EXPECT_TRUE(client_.send(
        last_frame(from_to(client_address(), server_address(), Ethernet{.src = kTrustedMac}))));
    Seen seen;
    for (Bytes& frame : gateway_.receive_until(is_last_frame))
        if (std::ranges::find(frames, frame) != frames.end())
            seen.by_gateway.push_back(std::move(frame));
    seen.by_internet = without_chatter(internet_.receive_until(is_last_frame));
    return seen;
}

void AttackTest::expect_nothing_leaves(const std::vector<Bytes>& frames) const {
    for (const Bytes& frame : send(frames).by_internet)
        ADD_FAILURE() << "left for the internet: " << testing::PrintToString(frame);
}

void AttackTest::expect_nothing_passes(const std::vector<Bytes>& frames) const {
    const Seen seen = send(frames);
    for (const Bytes& frame : seen.by_gateway)
        ADD_FAILURE() << "passed the gate: " << testing::PrintToString(frame);
    for (const Bytes& frame : seen.by_internet)
        ADD_FAILURE() << "left for the internet: " << testing::PrintToString(frame);
}

std::vector<Bytes> AttackTest::received_of(const std::vector<Bytes>& frames) const {
    for (const Bytes& frame : frames)
        EXPECT_TRUE(internet_.send(frame));
    // To the trusted station, whose address the gateway must not have to ask for.
    const std::string family = v4() ? "192.0.2.170" : "2001:db8::170";
    lab::Lab::ip(lab_.gateway, "neigh replace " + family + " lladdr " + kTrustedMac.to_string() +
                                   " dev " + lab::kGatewayInterface + "\n");
    EXPECT_TRUE(internet_.send(last_frame(from_to(
        server_address(), ip(family), Ethernet{.src = kInternetMac, .dst = lab::kUplinkMac}))));
    return without_chatter(client_.receive_until(is_last_frame));
}

void AttackTest::run(const std::vector<std::string>& words) const {
    ASSERT_EQ(portald_.ctl(words).exit, 0) << words[0] << ' ' << words[1];
}

std::vector<Bytes> holding(std::string_view needle, const std::vector<Bytes>& frames) {
    std::vector<Bytes> result;
    for (const Bytes& frame : frames)
        if (holds(frame, needle)) result.push_back(frame);
    return result;
}

}  // namespace portal::system_test
