// The stream of events, as an operator follows it.
#include <signal.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

constexpr int kFlood = 4000;

class EventsTest : public SystemTest {
  protected:
    // A station for each number, that says who it is.
    void appear(int number) const {
        const auto high = static_cast<std::uint8_t>(number >> 8);
        const auto low = static_cast<std::uint8_t>(number);
        const Mac station{{0x06, 0, 0, 0, high, low}};
        ASSERT_TRUE(wire_.send(Ethernet{.src = station, .dst = kBroadcastMac} /
                               Arp{.sender_mac = station, .sender_ip = ip("192.0.2.77")}));
    }

    Portald portald_{lab_};
    PacketSocket wire_{lab_.client, lab::kClientInterface};
};

// What one event is, member by member, and the same as a line of text.
TEST_F(EventsTest, EachIsTypedAndDated) {
    Process text = portald_.start_ctl({"event", "monitor"});
    Process monitor = portald_.monitor();
    appear(1);
    const auto stranger = boost::json::parse(monitor.await_line("06:00:00:00:00:01")).as_object();
    EXPECT_EQ(stranger.at("type"), "stranger");
    EXPECT_EQ(stranger.at("mac"), "06:00:00:00:00:01");
    EXPECT_EQ(stranger.at("vlan"), 0);
    EXPECT_EQ(stranger.at("ip"), "192.0.2.77");
    EXPECT_EQ(stranger.at("interface"), "eth1");
    EXPECT_TRUE(stranger.at("lost").is_null());
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName, "--timeout", "2s"}).exit, 0);
    EXPECT_EQ(boost::json::parse(monitor.await_line("sign_in")).at("mac").as_string(), kClientName);
    EXPECT_EQ(boost::json::parse(monitor.await_line("expiry")).at("mac").as_string(), kClientName);
    EXPECT_NE(text.await_line("06:00:00:00:00:01").find("  stranger          "), std::string::npos);
}

// Each stranger is told or counted, and none of them is in the way of a sign-in.
TEST_F(EventsTest, AFloodOfStrangersIsBoundedAndCounted) {
    portald_.write_config({{"budgets", "newcomers = \"0\"\nall_link = \"0\""}});
    ASSERT_EQ(portald_.ctl({"config", "reload"}).exit, 0);
    Process monitor = portald_.monitor();
    for (int i = 1; i <= kFlood / 2; ++i)
        appear(i);
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    for (int i = kFlood / 2 + 1; i <= kFlood; ++i)
        appear(i);

    std::int64_t told = 0;
    std::int64_t lost = 0;
    bool signed_in = false;
    while (told + lost < kFlood) {
        const auto line = monitor.find_line("\"type\"", lab::kPatience);
        ASSERT_TRUE(line) << told << " told, " << lost << " lost";
        const auto event = boost::json::parse(*line).as_object();
        const auto& mac = event.at("mac");
        told +=
            event.at("type") == "stranger" && mac.is_string() && mac.as_string().starts_with("06:");
        signed_in |= event.at("type") == "sign_in";
        if (event.at("type") == "lost") lost += event.at("lost").at("stranger").as_int64();
    }
    EXPECT_EQ(told + lost, kFlood);
    EXPECT_TRUE(signed_in);
    EXPECT_GT(told, 0);
    EXPECT_GT(lost, kFlood / 2);
}

// By the API itself: what a watcher missed between two connections comes with the second.
TEST_F(EventsTest, AWatcherComesBackByTheApi) {
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    const auto watch = [&](const std::string& last) {
        return Process({.command = {"curl", "--silent", "--no-buffer", "--unix-socket",
                                    lab_.folder() / "run/portald.sock", "--header",
                                    "Last-Event-ID: " + last, "http://localhost/v1/events"}});
    };
    Process first = watch("0");
    EXPECT_EQ(first.await_line("retry"), "retry: 2000");
    first.await_line("event: sign_in");
    const std::string id = first.await_line("id: ").substr(4);
    first.signal(SIGTERM);
    first.wait();
    ASSERT_EQ(portald_.ctl({"client", "deauthorize", kClientName}).exit, 0);
    Process second = watch(id);
    second.await_line("event: sign_out");
    EXPECT_GT(std::stoull(second.await_line("id: ").substr(4)), std::stoull(id));
    EXPECT_NE(second.await_line("data: ").find(kClientName), std::string::npos);
}

}  // namespace
}  // namespace portal::system_test
