// Stations that send all they can, and a guest beside them who is served all the same.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <iostream>
#include <system_error>
#include <thread>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

constexpr std::size_t kFrames = 4096;
constexpr std::uint64_t kFlooding = 5'000;  // frames dropped: the flood is on

// Sends `frames` over and over, as fast as it can, until destroyed.
class Flood {
  public:
    Flood(const lab::Lab& lab, std::vector<Bytes> frames)
        : frames_(std::move(frames)),
          socket_(lab.client, lab::kClientInterface),
          thread_([this](const std::stop_token& stop) {
              while (!stop.stop_requested())
                  for (const Bytes& frame : frames_)
                      send(frame);
          }) {}

    std::uint64_t sent() const { return sent_; }

  private:
    void send(const Bytes& frame) {
        try {
            if (socket_.send(frame)) ++sent_;
        } catch (const std::system_error& error) {
            // The queue is full: as fast as it can.
            if (error.code().value() != ENOBUFS) throw;
            std::this_thread::yield();
        }
    }

    const std::vector<Bytes> frames_;
    const PacketSocket socket_;
    std::atomic<std::uint64_t> sent_ = 0;
    std::jthread thread_;
};

std::uint16_t port_of(std::size_t number) {
    return static_cast<std::uint16_t>(10'000 + number);
}

class FloodTest : public FamilyTest {
  protected:
    // A SYN for port 80 from a port of its own, and an address of its own in the client's network.
    Bytes syn(const Mac& from, std::size_t number) const {
        const auto low = static_cast<std::uint8_t>(110 + number % 100);
        IpAddress source = GetParam() == Family::ipv4 ? kClient4 : kClient6;
        source.bytes[15] = low;
        const TCP tcp{.sport = port_of(number), .seq = static_cast<std::uint32_t>(number)};
        const Ethernet station{.src = from};
        return GetParam() == Family::ipv4 ? Bytes(station / IPv4{.src = source} / tcp)
                                          : Bytes(station / IPv6{.src = source} / tcp);
    }
    static Mac numbered(std::size_t number) {
        Mac mac = kOtherMac;
        mac.bytes[2] = 0x20;
        mac.bytes[4] = static_cast<std::uint8_t>(number >> 8);
        mac.bytes[5] = static_cast<std::uint8_t>(number);
        return mac;
    }

    // That the guest is answered several times while the flood is on.
    void expect_answers(const Flood& flood, const std::string& reason) {
        lab::await("the flood", [&] { return portald_.packets(reason) > kFlooding; });
        const std::uint64_t before = flood.sent();
        const auto start = std::chrono::steady_clock::now();
        std::chrono::duration<double, std::milli> longest{};
        for (int i = 0; i < 5; ++i) {
            const auto asked = std::chrono::steady_clock::now();
            EXPECT_TRUE(guest().captive());
            longest = std::max(longest, std::chrono::duration<double, std::milli>(
                                            std::chrono::steady_clock::now() - asked));
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::cout << "flood of " << static_cast<double>(flood.sent() - before) / took.count()
                  << " frames/s; the slowest of 5 answers took " << longest.count() << " ms\n";
    }

    Portald portald_{lab_};
};

TEST_P(FloodTest, OfSynsFromOneStation) {
    Process monitor = portald_.monitor();
    std::vector<Bytes> frames;
    for (std::size_t i = 0; i < kFrames; ++i)
        frames.push_back(syn(kOtherMac, i));
    const Flood flood(lab_, std::move(frames));
    expect_answers(flood, "budget_connections");
    EXPECT_NE(monitor.await_line("flood").find(kOtherName), std::string::npos);
}

TEST_P(FloodTest, OfSynsFromInventedMacAddresses) {
    ASSERT_TRUE(guest().captive());
    std::vector<Bytes> frames;
    for (std::size_t i = 0; i < 10 * kFrames; ++i)
        frames.push_back(syn(numbered(i), i));
    const Flood flood(lab_, std::move(frames));
    expect_answers(flood, "budget_newcomers");
}

TEST_P(FloodTest, OfArpFromInventedMacAddresses) {
    ASSERT_TRUE(guest().captive());
    std::vector<Bytes> frames;
    const IpAddress another = ip("192.0.2.200");
    for (std::size_t i = 0; i < 10 * kFrames; ++i)
        frames.push_back(Ethernet{.src = numbered(i)} /
                         Arp{.sender_mac = numbered(i), .sender_ip = another});
    const Flood flood(lab_, std::move(frames));
    expect_answers(flood, "budget_newcomers");
}

PORTAL_BOTH_FAMILIES(FloodTest);

TEST_F(SystemTest, BudgetsChangeByAReload) {
    const Portald portald(lab_);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    portald.write_config({{"budgets", "icmp = \"1/s burst 1\""}});
    ASSERT_EQ(portald.ctl({"config", "reload"}).exit, 0);
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(client.send(Ethernet{} / IPv4{.dst = kGateway4} / ICMP{}));
    EXPECT_GT(portald.packets("budget_icmp"), 0u);
    portald.write_config({{"budgets", "icmp = \"0\""}});
    ASSERT_EQ(portald.ctl({"config", "reload"}).exit, 0);
    const std::uint64_t refused = portald.packets("budget_icmp");
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(client.send(Ethernet{} / IPv4{.dst = kGateway4} / ICMP{}));
    EXPECT_EQ(portald.packets("budget_icmp"), refused);
}

}  // namespace
}  // namespace portal::system_test
