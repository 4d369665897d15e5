// Rates and quotas: the arithmetic, compiled for this machine, where time is what the test says;
// and the programs at work, on one CPU and on several.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#include "bpf/gate.h"
#include "bpf/native_parser.h"
#include "packets/neighbor_discovery.h"
#include "portal.skel.h"

namespace portal::gate {
namespace {

using namespace packets;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kTicks = METER_TICKS_PER_NSEC;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kTime = 1'000 * kSecond;

bucket full(std::uint64_t rate, std::uint64_t burst_ns) {
    return {.rate = rate, .burst = burst_ns * kTicks, .full_at = 0};
}

// What gives packets of that size so much credit.
std::uint64_t burst_for(std::uint64_t depth, std::uint64_t size) {
    return size > METER_SMALL ? (depth * 8 + 6) / 7 : depth;
}

TEST(MeterTicks, AreExactFromSlowToFast) {
    for (const std::uint64_t rate :
         {64'000ULL, 1'000'000ULL, 20'000'000ULL, 1'000'000'000ULL, 10'000'000'000ULL}) {
        const auto wanted = static_cast<double>(1514 * 8 * kSecond) * kTicks / double(rate);
        const auto given = static_cast<double>(native_meter_ticks(rate, 1514));
        EXPECT_GE(given, wanted) << rate;
        EXPECT_LE(given, wanted * 1.0002 + 1) << rate;
    }
    // 100 Gbit/s, the smallest frame: 5.12 ns.
    EXPECT_EQ(native_meter_ticks(100'000'000'000, 64), 164U);
    EXPECT_EQ(native_meter_ticks(20'000'000, 1), 400 * kTicks);
}

TEST(MeterTicks, NoInputOverflows) {
    EXPECT_EQ(native_meter_ticks(0, 1514), 0U);
    EXPECT_EQ(native_meter_ticks(20'000'000, 0), 0U);
    EXPECT_EQ(native_meter_ticks(kMost, 1), 1U);
    EXPECT_EQ(native_meter_ticks(kMost, kMost), 1U);
    const std::uint64_t largest = native_meter_ticks(1, kMost);
    EXPECT_EQ(largest, native_meter_ticks(1, 1 << 20));
    EXPECT_EQ(largest, (std::uint64_t{1} << 23) * kSecond * kTicks);
    EXPECT_LT(largest, std::uint64_t{1} << 59);
}

TEST(Bucket, WithoutARateLetsAllPassAndStaysAsItIs) {
    bucket unlimited{};
    EXPECT_TRUE(native_bucket_take(&unlimited, kTime, 1 << 20));
    EXPECT_EQ(unlimited.full_at, 0U);
}

// 8 Mbit/s is a byte in a microsecond.
TEST(Bucket, HoldsItsDepthAndRefillsAtTheRate) {
    bucket bucket = full(8'000'000, burst_for(10'000'000, 1000));
    const auto passed = [&](std::uint64_t now, int offered) {
        int count = 0;
        while (offered-- > 0)
            count += native_bucket_take(&bucket, now, 1000);
        return count;
    };
    EXPECT_EQ(passed(kTime, 100), 11) << "10 in the bucket, and one while there is credit";
    EXPECT_EQ(passed(kTime + 999'999, 100), 0);
    EXPECT_EQ(passed(kTime + 1'000'000, 100), 1);
    EXPECT_EQ(passed(kTime + 4'000'000, 100), 3);
    EXPECT_EQ(passed(kTime + kSecond, 100), 11) << "idle time fills it to its depth and no more";
}

TEST(Bucket, ARefusedPacketChangesNothing) {
    bucket bucket = full(8'000'000, 0);
    ASSERT_TRUE(native_bucket_take(&bucket, kTime, 1000));
    const auto before = bucket.full_at;
    EXPECT_FALSE(native_bucket_take(&bucket, kTime + 1, 1000));
    EXPECT_EQ(bucket.full_at, before);
}

// A frame of segmentation offload may hold more than the bucket does.
TEST(Bucket, APacketLargerThanTheBucketPassesAndLeavesADebt) {
    bucket bucket = full(8'000'000, 10'000'000);
    ASSERT_TRUE(native_bucket_take(&bucket, kTime, 64'000));
    EXPECT_FALSE(native_bucket_take(&bucket, kTime + 53'999'999, 1));
    EXPECT_TRUE(native_bucket_take(&bucket, kTime + 54'000'000, 1));
}

TEST(Bucket, TheLastOfTheCreditIsForSmallPackets) {
    bucket bucket = full(8'000'000, 8'000'000);
    ASSERT_TRUE(native_bucket_take(&bucket, kTime, 7'001));
    EXPECT_FALSE(native_bucket_take(&bucket, kTime, METER_SMALL + 1));
    for (int i = 0; i < 10; i++)
        EXPECT_TRUE(native_bucket_take(&bucket, kTime, 100)) << i;
    EXPECT_FALSE(native_bucket_take(&bucket, kTime, 100));
}

// Whatever the sizes and however the time comes, ten seconds carry what the rate says.
TEST(Bucket, KeepsTheRateOverTime) {
    for (const std::uint64_t rate :
         {64'000ULL, 20'000'000ULL, 1'000'000'000ULL, 100'000'000'000ULL})
        for (const std::uint64_t size : {60, 590, 1514, 9014})
            for (const std::uint64_t grain : {1ULL, 4'000'000ULL}) {
                const std::uint64_t burst =
                    std::max<std::uint64_t>(100'000'000, native_meter_ticks(rate, 3028) / kTicks);
                bucket bucket = full(rate, burst);
                bucket.full_at = kTime * kTicks + bucket.burst;
                // As many steps as are needed to offer twice the rate, in bundles.
                const std::uint64_t steps = 20'000;
                const std::uint64_t step = 10 * kSecond / steps;
                const double wanted = static_cast<double>(rate) / 8 * 10;
                const auto each = std::max<std::uint64_t>(
                    1, static_cast<std::uint64_t>(wanted * 2 / double(steps) / double(size)));
                const std::uint64_t bundle = each > 64 ? size * (each / 64) : size;
                if (bundle > 1 << 20) continue;
                double passed = 0;
                for (std::uint64_t i = 0; i < steps; i++) {
                    const std::uint64_t now = (kTime + i * step) / grain * grain;
                    for (std::uint64_t n = 0; n < std::min<std::uint64_t>(each, 128); n++)
                        if (native_bucket_take(&bucket, now, bundle)) passed += double(bundle);
                }
                EXPECT_LE(passed, wanted * 1.001 + double(bundle)) << rate << ' ' << size;
                EXPECT_GE(passed, wanted * 0.995 - double(bundle)) << rate << ' ' << size;
            }
}

TEST(Bucket, ExtremesRefuseOrPassAndNeverWrap) {
    for (const std::uint64_t now : {std::uint64_t{0}, kTime, std::uint64_t{1} << 58})
        for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, kMost}) {
            bucket slowest = full(1, 0);
            EXPECT_TRUE(native_bucket_take(&slowest, now, bytes));
            EXPECT_GE(slowest.full_at, now * kTicks);
            EXPECT_EQ(native_bucket_take(&slowest, now, 1), bytes == 0);
            bucket never = {.rate = 1, .burst = 0, .full_at = kMost};
            EXPECT_FALSE(native_bucket_take(&never, now, bytes));
            EXPECT_EQ(never.full_at, kMost);
        }
}

TEST(Quota, IsSpentAtTheByte) {
    meter value{};
    value.used = kMost;
    EXPECT_FALSE(native_meter_spent(&value)) << "none";
    value.quota = 1000;
    value.used = 999;
    EXPECT_FALSE(native_meter_spent(&value));
    value.used = 1000;
    EXPECT_TRUE(native_meter_spent(&value));
    value.quota = kMost;
    EXPECT_FALSE(native_meter_spent(&value));
}

constexpr std::uint32_t kSlot = 5;
// At one bit a second no delay of the test lets one packet more pass.
constexpr std::uint64_t kSlow = 1;

const Bytes kUp = Ethernet{} / IPv4{} / UDP{.dport = 443} / Payload{58};
const Bytes kDown = Ethernet{.src = kGatewayMac, .dst = kClientMac} /
                    IPv4{.src = kServer4, .dst = kClient4} / UDP{.sport = 443} / Payload{158};

class MeterInTheProgram : public testing::Test {
  protected:
    void put(std::uint8_t flags = CLIENT_METERED) {
        client value{};
        value.slot = kSlot;
        value.state = CLIENT_AUTHORIZED;
        value.flags = flags;
        ASSERT_TRUE(gate_.put(key_of(kClientMac), value));
    }
    // Room for `packets` of that size, at a rate at which none comes back.
    static bucket room(std::uint64_t packets, std::uint64_t size) {
        return {.rate = kSlow,
                .burst = burst_for(packets * native_meter_ticks(kSlow, size), size),
                .full_at = 0};
    }
    int up(const Bytes& frame = kUp) { return gate_.ingress(frame).reason; }
    int down(const Bytes& frame = kDown, const TcContext& context = {.ingress_ifindex = 7}) {
        return gate_.egress(frame, context).reason;
    }

    Gate gate_;
};

TEST_F(MeterInTheProgram, EachDirectionHasItsOwnBucket) {
    put();
    gate_.set_meter(kSlot, {.up = room(2, kUp.size()), .down = room(0, 1), .quota = 0, .used = 0});
    EXPECT_EQ(down(), REASON_TX_AUTHORIZED);
    for (int i = 0; i < 3; i++) {
        EXPECT_EQ(down(), REASON_TX_RATE);
        EXPECT_EQ(up(), REASON_AUTHORIZED);
    }
    EXPECT_EQ(up(), REASON_RATE);
    EXPECT_EQ(down(), REASON_TX_RATE);
}

TEST_F(MeterInTheProgram, WhatIsDroppedIsNeitherCountedNorCharged) {
    put();
    gate_.set_meter(kSlot, {.up = room(0, 1), .down = room(0, 1), .quota = 0, .used = 0});
    for (int i = 0; i < 3; i++) {
        up();
        down();
    }
    const traffic used = gate_.used(kSlot);
    EXPECT_EQ(used.rx_packets, 1U);
    EXPECT_EQ(used.rx_bytes, kUp.size());
    EXPECT_EQ(used.tx_packets, 1U);
    EXPECT_EQ(used.tx_bytes, kDown.size());
    EXPECT_EQ(gate_.find_meter(kSlot).used, kUp.size() + kDown.size());
}

TEST_F(MeterInTheProgram, TimeGivesCredit) {
    put();
    meter value{};
    value.up = room(0, 1);
    value.up.full_at = (now() + 3600 * kSecond) * kTicks;
    gate_.set_meter(kSlot, value);
    EXPECT_EQ(up(), REASON_RATE);
    value.up.full_at = (now() - kSecond) * kTicks;
    gate_.set_meter(kSlot, value);
    EXPECT_EQ(up(), REASON_AUTHORIZED);
    EXPECT_GE(gate_.find_meter(kSlot).up.full_at,
              (now() - 60 * kSecond) * kTicks + native_meter_ticks(kSlow, kUp.size()))
        << "what the bucket was full for is no credit";
}

TEST_F(MeterInTheProgram, WithoutTheFlagTheMeterIsNotLookedAt) {
    put(0);
    gate_.set_meter(kSlot, {.up = room(0, 1), .down = room(0, 1), .quota = 1, .used = 1});
    for (int i = 0; i < 3; i++) {
        EXPECT_EQ(up(), REASON_AUTHORIZED);
        EXPECT_EQ(down(), REASON_TX_AUTHORIZED);
    }
    EXPECT_EQ(gate_.find_meter(kSlot).used, 1U);
}

TEST_F(MeterInTheProgram, ASlotOutOfRangeHasNoLimits) {
    client value{};
    value.slot = 1'000'000;
    value.state = CLIENT_AUTHORIZED;
    value.flags = CLIENT_METERED;
    gate_.put(key_of(kClientMac), value);
    EXPECT_EQ(up(), REASON_AUTHORIZED);
    EXPECT_EQ(down(), REASON_TX_AUTHORIZED);
}

TEST_F(MeterInTheProgram, SegmentsToComeArePaidForAsOnTheWire) {
    put();
    gate_.set_meter(kSlot, {.up = {}, .down = room(10'000, 100), .quota = 0, .used = 0});
    const TcContext offloaded{
        .ingress_ifindex = 7, .gso_segs = 40, .gso_size = 1448, .wire_len = 60'560};
    const std::uint64_t before = now();
    ASSERT_EQ(down(kDown, offloaded), REASON_TX_AUTHORIZED);
    const meter after = gate_.find_meter(kSlot);
    EXPECT_EQ(after.used, 60'560U);
    const std::uint64_t cost = native_meter_ticks(kSlow, 60'560);
    EXPECT_GE(after.down.full_at, before * kTicks + cost);
    EXPECT_LE(after.down.full_at, now() * kTicks + cost);
}

TEST_F(MeterInTheProgram, AUsedUpQuotaMakesAStranger) {
    put();
    gate_.set_meter(kSlot, {.up = {}, .down = {}, .quota = 1000, .used = 0});
    EXPECT_EQ(kUp.size(), 100U);
    EXPECT_EQ(kDown.size(), 200U);
    for (int i = 0; i < 3; i++) {
        EXPECT_EQ(up(), REASON_AUTHORIZED);
        EXPECT_EQ(down(), REASON_TX_AUTHORIZED);
    }
    EXPECT_EQ(gate_.find_meter(kSlot).used, 900U);
    EXPECT_EQ(down(), REASON_TX_AUTHORIZED) << "the one that reaches it passes whole";
    EXPECT_EQ(gate_.find_meter(kSlot).used, 1100U);
    EXPECT_EQ(up(), REASON_QUIC);
    EXPECT_EQ(down(), REASON_TX_STRANGER);
    EXPECT_EQ(gate_.steer(kUp).reason, REASON_QUIC);
    EXPECT_EQ(gate_.find_meter(kSlot).used, 1100U);

    meter more = gate_.find_meter(kSlot);
    more.quota = 2000;
    gate_.set_meter(kSlot, more);
    EXPECT_EQ(up(), REASON_AUTHORIZED);
}

// Or a flood in one direction would cut the other.
TEST_F(MeterInTheProgram, TheLinkIsKeptWhateverTheRate) {
    put();
    gate_.set_meter(kSlot, {.up = room(0, 1), .down = room(0, 1), .quota = 0, .used = 0});
    up();
    down();
    const Ethernet to_client{.src = kGatewayMac, .dst = kClientMac};
    const IPv6 from_gateway{.src = kGatewayLinkLocal, .dst = kClientLinkLocal, .hop_limit = 255};
    const Packet advertised = neighbor_advertisement(kGateway6, kGatewayMac);
    const Bytes reply = to_client / Arp{.operation = 2,
                                        .sender_mac = kGatewayMac,
                                        .sender_ip = kGateway4,
                                        .target_mac = kClientMac,
                                        .target_ip = kClient4};
    const Bytes advertisement = to_client / from_gateway / advertised;
    const IPv6 asking{.src = kClientLinkLocal, .dst = kGatewayLinkLocal, .hop_limit = 255};
    const Packet solicitation = neighbor_solicitation(kGatewayLinkLocal, kClientMac);

    EXPECT_EQ(up(Ethernet{} / Arp{}), REASON_AUTHORIZED);
    EXPECT_EQ(up(Ethernet{} / asking / solicitation), REASON_AUTHORIZED);
    EXPECT_EQ(down(reply, {}), REASON_TX_AUTHORIZED);
    EXPECT_EQ(down(advertisement, {}), REASON_TX_AUTHORIZED);
    const traffic used = gate_.used(kSlot);
    EXPECT_EQ(used.rx_packets, 3U);
    EXPECT_EQ(used.tx_packets, 3U);
    EXPECT_EQ(gate_.find_meter(kSlot).used, used.rx_bytes + used.tx_bytes) << "it is charged";

    EXPECT_EQ(down(advertisement), REASON_TX_RATE) << "forwarded, it is anybody's payload";
    IPv6 far = asking;
    far.dst = kServer6;
    EXPECT_EQ(up(Ethernet{} / far / solicitation), REASON_ND_INVALID) << "it would leave the link";
    IPv6 old = asking;
    old.hop_limit = 254;
    EXPECT_EQ(up(Ethernet{} / old / solicitation), REASON_ND_INVALID);
}

class MeterOnManyCpus : public MeterInTheProgram {
  protected:
    static constexpr int kRuns = 500'000;

    // Runs the program over and over, on each CPU that there is and at once on two at least.
    static unsigned run_everywhere(const bpf_program* program, const Bytes& frame) {
        const unsigned threads = std::max(2U, std::thread::hardware_concurrency());
        std::vector<std::jthread> running;
        std::atomic<unsigned> ready = 0;
        for (unsigned i = 0; i < threads; i++)
            running.emplace_back([&, i] {
                cpu_set_t cpu;
                CPU_ZERO(&cpu);
                CPU_SET(i, &cpu);
                sched_setaffinity(0, sizeof cpu, &cpu);  // NOLINT: it may run anywhere
                Bytes out(frame.size() + 256);
                LIBBPF_OPTS(bpf_test_run_opts, options);
                options.data_in = frame.data();
                options.data_size_in = static_cast<__u32>(frame.size());
                options.data_out = out.data();
                options.data_size_out = static_cast<__u32>(out.size());
                options.repeat = kRuns;
                for (ready++; ready < threads;) {
                }
                EXPECT_EQ(bpf_prog_test_run_opts(bpf_program__fd(program), &options), 0);
            });
        return threads;
    }
    std::uint64_t packets(reason reason) const { return gate_.verdicts()[reason].packets; }
};

TEST_F(MeterOnManyCpus, NoPacketIsLostOrFree) {
    constexpr std::uint64_t kRoom = 700'000;
    put();
    meter value{};
    // So little for each that all of the room is no more than days: it fits into the clock.
    value.up = {.rate = 1'000,
                .burst = burst_for(kRoom * native_meter_ticks(1'000, kUp.size()), kUp.size()),
                .full_at = 0};
    gate_.set_meter(kSlot, value);
    const std::uint64_t before = now();
    const unsigned cpus = run_everywhere(gate_.programs().progs.portal_ingress, kUp);
    const std::uint64_t after = now();

    const std::uint64_t passed = packets(REASON_AUTHORIZED);
    const std::uint64_t cost = native_meter_ticks(1'000, kUp.size());
    EXPECT_EQ(passed + packets(REASON_RATE), std::uint64_t{cpus} * kRuns);
    const std::uint64_t refilled = (after - before) * kTicks / cost + 1;
    EXPECT_GE(passed, kRoom + 1);
    EXPECT_LE(passed, kRoom + 1 + refilled + cpus - 1) << "at most one too many for each CPU";
    const meter end = gate_.find_meter(kSlot);
    EXPECT_EQ(end.used, passed * kUp.size());
    EXPECT_GE(end.up.full_at, before * kTicks + passed * cost);
    EXPECT_LE(end.up.full_at, after * kTicks + passed * cost);
}

TEST_F(MeterOnManyCpus, AQuotaIsOvershotByAtMostOnePacketEach) {
    constexpr std::uint64_t kPackets = 700'000;
    put();
    gate_.set_meter(kSlot, {.up = {}, .down = {}, .quota = kPackets * kUp.size() - 1, .used = 0});
    const unsigned cpus = run_everywhere(gate_.programs().progs.portal_ingress, kUp);

    const std::uint64_t passed = packets(REASON_AUTHORIZED);
    EXPECT_GE(passed, kPackets);
    EXPECT_LE(passed, kPackets + cpus - 1);
    EXPECT_EQ(gate_.find_meter(kSlot).used, passed * kUp.size());
    EXPECT_EQ(gate_.used(kSlot).rx_packets, passed);
    EXPECT_EQ(packets(REASON_QUIC), std::uint64_t{cpus} * kRuns - passed);
}

}  // namespace
}  // namespace portal::gate
