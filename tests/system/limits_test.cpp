// Rates and quotas on real traffic. How near the rate a transfer comes is for tests/bench/rates to
// tell; what is judged here holds on a machine that is busy with other work.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "system/gated_lab.h"
#include "system/lab/guest.h"
#include "system/lab/sockets.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

constexpr std::uint64_t kRate = 20'000'000;
constexpr double kBytesPerSecond = kRate / 8.0;
// What a full bucket lets pass beside, and the grain of its clock.
constexpr double kBurstSeconds = 0.29;

class LimitsTest : public testing::TestWithParam<Family> {
  protected:
    LimitsTest() {
        // The neighbors are found before anything is measured.
        gate_.begin({});
        lab::send_udp(client_, at_server(), "x");
        EXPECT_TRUE(lab::receive(server_, 10s));
        lab::send_udp(server_, at_client(), "x");
        EXPECT_TRUE(lab::receive(client_, 10s));
    }

    bool v4() const { return GetParam() == Family::ipv4; }
    Endpoint at_server() const { return {v4() ? kServer4 : kServer6, 9000}; }
    Endpoint at_client() const { return {v4() ? kClient4 : kClient6, 9000}; }

    void expect_held(const char* direction, std::uint64_t passed, std::uint64_t offered,
                     double seconds) {
        SCOPED_TRACE(direction);
        const auto bytes = static_cast<double>(passed);
        EXPECT_LE(bytes, kBytesPerSecond * (seconds + kBurstSeconds));
        if (static_cast<double>(offered) < 2 * kBytesPerSecond * seconds) return;
        EXPECT_GE(bytes, kBytesPerSecond * seconds / 2);
    }

    GatedLab gate_;
    const UniqueFd server_ = lab::bind_udp(gate_.hosts().internet, at_server());
    const UniqueFd client_ = lab::bind_udp(gate_.hosts().client, at_client());
};

TEST_P(LimitsTest, AFloodIsHeldToTheRateInBothDirectionsAtOnce) {
    using Clock = std::chrono::steady_clock;
    const std::string datagram(1'400, 'x');
    const auto start = Clock::now();
    gate_.begin({.down = kRate, .up = kRate});
    std::uint64_t offered = 0;
    while (Clock::now() - start < 2s)
        for (int i = 0; i < 50; ++i) {
            lab::send_udp(server_, at_client(), datagram);
            lab::send_udp(client_, at_server(), datagram);
            offered += datagram.size();
        }
    const Usage used = gate_.used();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    expect_held("down", used.tx_bytes, offered, seconds);
    expect_held("up", used.rx_bytes, offered, seconds);
}

TEST_P(LimitsTest, ADownloadArrivesAtTheRate) {
    using Clock = std::chrono::steady_clock;
    constexpr std::size_t kSize = 2'000'000;
    const auto listener = lab::listen_tcp(gate_.hosts().internet, {at_server().address, 9001});
    const auto start = Clock::now();
    gate_.begin({.down = kRate});
    const auto attempt = lab::connect_tcp(gate_.hosts().client, {at_server().address, 9001}, 20s);
    ASSERT_EQ(attempt.reach, Reach::open);
    std::jthread sender([&] {
        const UniqueFd connection = lab::accept_tcp(listener);
        lab::send_stream(connection, std::string(kSize, 'x'));
    });
    std::size_t received = 0;
    while (const auto data = lab::receive(attempt.socket, 20s))
        received += data->size();
    EXPECT_EQ(received, kSize);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    EXPECT_GE(seconds + kBurstSeconds, kSize / kBytesPerSecond);
    EXPECT_EQ(gate_.used().tx_bytes / kSize, 1U);
}

TEST_P(LimitsTest, AUsedUpQuotaCutsBothDirections) {
    constexpr std::uint64_t kQuota = 100'000;
    const std::string datagram(1'000, 'x');
    const auto send_both = [&](int times) {
        for (int i = 0; i < times; ++i) {
            lab::send_udp(server_, at_client(), datagram);
            lab::send_udp(client_, at_server(), datagram);
        }
    };
    gate_.begin({.quota = kQuota});
    send_both(20);
    EXPECT_FALSE(gate_.spent());
    send_both(100);
    EXPECT_TRUE(gate_.spent());
    const Usage end = gate_.used();
    const std::uint64_t bytes = end.rx_bytes + end.tx_bytes;
    EXPECT_GE(bytes, kQuota);
    EXPECT_LE(bytes, kQuota + 2'000 * std::thread::hardware_concurrency());
    EXPECT_EQ(gate_.clients().spent().size(), 1U);
    send_both(10);
    EXPECT_EQ(gate_.used(), end);

    gate_.change({.quota = 2 * kQuota});
    EXPECT_FALSE(gate_.spent());
    send_both(1);
    EXPECT_GT(gate_.used().rx_bytes, end.rx_bytes);
    EXPECT_GT(gate_.used().tx_bytes, end.tx_bytes);
}

TEST_P(LimitsTest, AnotherRateHoldsFromTheNextPacketOn) {
    const std::string datagram(1'400, 'x');
    // 8 kbit/s: hardly a packet a second.
    gate_.begin({.down = 8'000});
    for (int i = 0; i < 100; ++i)
        lab::send_udp(server_, at_client(), datagram);
    EXPECT_LE(gate_.used().tx_packets, 30U);
    gate_.change({});
    const std::uint64_t before = gate_.used().tx_packets;
    for (int i = 0; i < 100; ++i)
        lab::send_udp(server_, at_client(), datagram);
    EXPECT_GE(gate_.used().tx_packets, before + 100);
}

PORTAL_BOTH_FAMILIES(LimitsTest);

}  // namespace
}  // namespace portal::system_test
