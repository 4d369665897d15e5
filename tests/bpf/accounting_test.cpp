// What a client has used, and when it was last seen.
#include <gtest/gtest.h>

#include "bpf/gate.h"
#include "bpf/tables/check.h"

namespace portal::gate {
namespace {

using namespace packets;

constexpr std::uint64_t kSecond = 1'000'000'000;
const client_key kClient = key_of(kClientMac);
const Packet kUpload = Ethernet{} / IPv4{} / UDP{.dport = 443} / Payload{500};
const Packet kDownload = Ethernet{.src = kGatewayMac, .dst = kClientMac} /
                         IPv4{.src = kServer4, .dst = kClient4} / UDP{.sport = 443} / Payload{900};

TEST(Accounting, EachDirectionInItsPlace) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized, 3);
    const Bytes up = kUpload, down = kDownload;

    for (int i = 0; i < 5; i++)
        gate.ingress(up);
    gate.egress(down);
    gate.egress(down);

    const traffic used = gate.used(3);
    EXPECT_EQ(used.rx_packets, 5U);
    EXPECT_EQ(used.rx_bytes, 5 * up.size());
    EXPECT_EQ(used.tx_packets, 2U);
    EXPECT_EQ(used.tx_bytes, 2 * down.size());
    const traffic other = gate.used(0);
    EXPECT_EQ(other.rx_packets + other.tx_packets + other.rx_bytes + other.tx_bytes, 0U);
}

TEST(Accounting, ATaggedFrameCountsItsTag) {
    Gate gate;
    set_standing(gate, key_of(kClientMac, 100), Standing::trusted, 1);
    const Bytes frame = Ethernet{} / Vlan{} / IPv4{} / UDP{.dport = 443};
    gate.ingress(frame);
    EXPECT_EQ(gate.used(1).rx_bytes, frame.size());
}

TEST(Accounting, AJumboFrameCountsWhole) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized, 1);
    const Bytes frame = Ethernet{} / IPv4{} / UDP{} / Payload{8900};
    gate.ingress(frame);
    EXPECT_EQ(gate.used(1).rx_bytes, frame.size());
}

// One skb of segmentation offload is many packets on the wire, each with its own headers.
TEST(Accounting, OffloadedSegmentsCountAsOnTheWire) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized, 2);
    const TcContext offloaded{.gso_segs = 3, .gso_size = 300, .wire_len = 1200};
    const Outcome outcome = gate.egress(kDownload, offloaded);

    EXPECT_EQ(outcome.packets, 3U);
    EXPECT_EQ(outcome.bytes, 1200U);
    EXPECT_EQ(gate.used(2).tx_packets, 3U);
    EXPECT_EQ(gate.used(2).tx_bytes, 1200U);
}

// As a packet comes from the host of a virtual machine: in segments, but nobody counted them.
TEST(Accounting, SegmentsThatNobodyCounted) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized, 2);
    EXPECT_EQ(gate.egress(kDownload, {.gso_size = 400, .wire_len = 2000}).packets, 3U);
    EXPECT_EQ(gate.used(2).tx_packets, 3U);
    EXPECT_EQ(gate.used(2).tx_bytes, 2000U);
    const Bytes exact = Ethernet{.src = kGatewayMac, .dst = kClientMac} /
                        IPv6{.src = kServer6, .dst = kClient6} / TCP{.sport = 443} / Payload{800};
    EXPECT_EQ(gate.egress(exact, {.gso_size = 400}).packets, 2U);
}

// Generic XDP sees what the devices below have merged; TC counts what it could not.
TEST(Accounting, FramesMergedBeforeTheGateCountAsOnTheWire) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized, 2);
    const Bytes frame = Ethernet{} / IPv4{} / TCP{.dport = 9000} / Payload{3000};
    const std::size_t headers = frame.size() - 3000;
    const TcContext merged{.gso_segs = 3, .gso_size = 1448};
    gate.ingress(frame);
    gate.steer(frame, merged);
    EXPECT_EQ(gate.used(2).rx_packets, 1U) << "merged after native XDP, where each was counted";

    gate.set_merges();
    gate.ingress(frame);
    gate.steer(frame, merged);
    EXPECT_EQ(gate.used(2).rx_packets, 1U + 3U);
    EXPECT_EQ(gate.used(2).rx_bytes, 2 * frame.size() + 2 * headers);
    gate.steer(frame, {.gso_size = 1500});
    EXPECT_EQ(gate.used(2).rx_packets, 4U + 1U);
    set_standing(gate, kClient, Standing::blocked, 2);
    gate.steer(frame, merged);
    EXPECT_EQ(gate.used(2).rx_packets, 5U);
}

TEST(Accounting, NothingForWhatIsRefused) {
    Gate gate;
    set_standing(gate, kClient, Standing::blocked, 1);
    gate.ingress(kUpload);
    gate.egress(kDownload);
    set_standing(gate, kClient, Standing::authorized, 1);
    gate.ingress(Ethernet{} / IPv4{.src = kGateway4} / UDP{});

    const traffic used = gate.used(1);
    EXPECT_EQ(used.rx_packets + used.tx_packets, 0U);
    EXPECT_EQ(used.rx_bytes + used.tx_bytes, 0U);
}

// A slot beyond the map is a mistake of userspace's; the frame is none the worse for it.
TEST(Accounting, ASlotOutOfRangeIsNotCounted) {
    Gate gate;
    set_standing(gate, kClient, Standing::authorized, 1'000'000);
    EXPECT_EQ(gate.ingress(kUpload).reason, REASON_AUTHORIZED);
    EXPECT_EQ(gate.egress(kDownload).reason, REASON_TX_AUTHORIZED);
}

class LastSeen : public testing::Test {
  protected:
    // What is left of `last_seen` after a frame from the client.
    std::uint64_t after(std::uint64_t last_seen) {
        client value{};
        value.last_seen = last_seen;
        value.idle_timeout = 3600;
        value.state = CLIENT_AUTHORIZED;
        gate_.put(kClient, value);
        gate_.ingress(kUpload);
        return gate_.find(kClient)->last_seen;
    }
    Gate gate_;
};

TEST_F(LastSeen, IsWrittenWhenASecondOld) {
    const std::uint64_t start = now();
    const std::uint64_t seen = after(start - 2 * kSecond);
    EXPECT_GE(seen, start);
    EXPECT_LE(seen, now());
}

TEST_F(LastSeen, IsLeftAloneWithinTheSecond) {
    // In the future, so that no delay of the test makes it old.
    const std::uint64_t recent = now() + 60 * kSecond;
    EXPECT_EQ(after(recent), recent);
}

TEST_F(LastSeen, IsNotMovedByWhatIsSentToTheClient) {
    const std::uint64_t old = now() - 5 * kSecond;
    client value{};
    value.last_seen = old;
    value.state = CLIENT_AUTHORIZED;
    gate_.put(kClient, value);
    gate_.egress(kDownload);
    EXPECT_EQ(gate_.find(kClient)->last_seen, old);
}

}  // namespace
}  // namespace portal::gate
