// What dies, and what goes on: the gate stands by itself.
#include <signal.h>

#include <filesystem>
#include <iostream>

#include "system/lab/failure.h"
#include "system/marked_frame.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

using Clock = std::chrono::steady_clock;

// A conversation between the client and the internet, over TCP and UDP.
class Conversation {
  public:
    Conversation(const lab::Lab& lab, const Endpoint& client, const Endpoint& server)
        : client_(client),
          server_(server),
          udp_client_(lab::bind_udp(lab.client, client)),
          udp_server_(lab::bind_udp(lab.internet, server)) {
        const UniqueFd listener = lab::listen_tcp(lab.internet, server);
        lab::Attempt attempt = lab::connect_tcp(lab.client, server);
        if (attempt.reach != Reach::open) lab::fail("no connection to begin with");
        tcp_client_ = std::move(attempt.socket);
        tcp_server_ = lab::accept_tcp(listener);
    }

    // Whether both directions of both protocols carry data now.
    bool flows() const {
        return upload(1s) && download(1s) && stream(tcp_client_, tcp_server_) &&
               stream(tcp_server_, tcp_client_);
    }
    bool upload(std::chrono::milliseconds patience) const {
        lab::send_udp(udp_client_, server_, "up");
        return lab::receive(udp_server_, patience).has_value();
    }
    bool download(std::chrono::milliseconds patience) const {
        lab::send_udp(udp_server_, client_, "down");
        return lab::receive(udp_client_, patience).has_value();
    }

  private:
    static bool stream(const UniqueFd& from, const UniqueFd& to) {
        lab::send_stream(from, "data");
        return lab::receive(to, 2s).has_value();
    }

    Endpoint client_;
    Endpoint server_;
    UniqueFd udp_client_;
    UniqueFd udp_server_;
    UniqueFd tcp_client_;
    UniqueFd tcp_server_;
};

// As another tool does that replaces the qdisc.
void take_away_steering(const lab::Lab& lab) {
    bool pinned = false;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(lab.bpffs()))
        if (entry.path().filename().string().starts_with("tc_ingress-"))
            pinned = std::filesystem::remove(entry.path());
    if (pinned) return;
    const auto outcome =
        lab::run({.command = {"tc", "qdisc", "del", "dev", lab::kGatewayInterface, "clsact"},
                  .where = &lab.gateway});
    if (outcome.exit != 0) lab::fail("the qdisc stays: " + outcome.err);
}

class SurvivalTest : public FamilyTest {
  protected:
    bool v4() const { return GetParam() == Family::ipv4; }
    Conversation conversation() {
        return {lab_, {v4() ? kClient4 : kClient6, 9001}, guest().server(9000)};
    }
    pid_t responder() const {
        const auto pid = portald_.json({"status"}).at("responder").at("pid");
        return pid.is_null() ? 0 : pid.to_number<pid_t>();
    }

    Portald portald_{lab_};
};

TEST_P(SurvivalTest, SignedInTrafficOutlivesTheDaemon) {
    ASSERT_EQ(guest().click_through().status, 303);
    const Conversation talk = conversation();
    ASSERT_TRUE(talk.flows());
    portald_.kill();
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(talk.flows()) << i;
    EXPECT_TRUE(guest().online());
    portald_.start();
    EXPECT_TRUE(talk.flows());
}

TEST_P(SurvivalTest, StrangersStayOutWithoutTheDaemon) {
    portald_.kill();
    // The responder goes with it; port 80 is then dropped, not forwarded.
    lab::await("the responder's end",
               [&] { return lab::reach(lab_.client, guest().server(80)) == Reach::silent; });
    EXPECT_EQ(lab::reach(lab_.client, guest().server(443)), Reach::silent);
    portald_.start();
    EXPECT_TRUE(guest().captive());
}

TEST_P(SurvivalTest, ACleanStopLeavesTheGateClosed) {
    EXPECT_EQ(portald_.stop().exit, 0);
    EXPECT_EQ(lab::reach(lab_.client, guest().server(80)), Reach::silent);
    EXPECT_EQ(lab::reach(lab_.client, guest().server(443)), Reach::silent);
}

TEST_P(SurvivalTest, ASessionIsThereAfterARestart) {
    ASSERT_EQ(guest().click_through().status, 303);
    ASSERT_TRUE(guest().online());
    const auto before = portald_.client(kClientName);
    portald_.kill();
    portald_.start();
    const auto after = portald_.client(kClientName);
    for (const char* same : {"state", "method", "signed_in_at", "expires_at", "policy"})
        EXPECT_EQ(after.at(same), before.at(same)) << same;
    for (const char* counter : {"rx_packets", "tx_packets", "rx_bytes", "tx_bytes"})
        EXPECT_GE(after.at(counter).to_number<std::uint64_t>(),
                  before.at(counter).to_number<std::uint64_t>())
            << counter;
    EXPECT_TRUE(guest().online());
}

TEST_P(SurvivalTest, SessionsOutliveTheLossOfThePins) {
    ASSERT_EQ(guest().click_through().status, 303);
    ASSERT_EQ(portald_.stop().exit, 0);
    // As after a reboot: the file system of the pins is empty, the store is not.
    std::filesystem::remove_all(lab_.bpffs() / "xdp-portal");
    portald_.start();
    EXPECT_EQ(portald_.state(kClientName), "authorized");
    EXPECT_TRUE(guest().online());
}

TEST_P(SurvivalTest, Port80AnswersAgainAfterTheResponderWasKilled) {
    Process monitor = portald_.monitor();
    const pid_t first = responder();
    ASSERT_GT(first, 0);
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    monitor.await_line("\"responder\"");
    lab::await("port 80 answers",
               [&] { return guest().get(Guest::url(guest().server(80))).status == 511; });
    EXPECT_NE(responder(), first);
    EXPECT_GE(portald_.json({"status"}).at("responder").at("restarts").to_number<int>(), 1);
    EXPECT_EQ(guest().click_through().status, 303);
    EXPECT_TRUE(guest().online());
}

// The kernel ends the session by itself: uploads, downloads, streams.
TEST_P(SurvivalTest, ASessionEndsOnTimeWithoutTheDaemon) {
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName, "--timeout", "4s"}).exit, 0);
    const auto start = Clock::now();
    const Conversation talk = conversation();
    ASSERT_TRUE(talk.flows());
    portald_.kill();

    auto last_up = start;
    auto last_down = start;
    while (Clock::now() < std::max(last_up, last_down) + 1s) {
        if (talk.upload(5ms)) last_up = Clock::now();
        if (talk.download(5ms)) last_down = Clock::now();
        ASSERT_LT(Clock::now(), start + 15s) << "the session does not end";
    }
    const auto seconds = [&](Clock::time_point time) {
        return std::chrono::duration<double>(time - start).count();
    };
    std::cout << "authorized for 4 s: last upload after " << seconds(last_up)
              << " s, last download after " << seconds(last_down) << " s\n";
    EXPECT_LE(last_up - start, 5500ms);
    EXPECT_LE(last_down - start, 5500ms);
    EXPECT_GE(last_down - start, 3s);

    portald_.start();
    EXPECT_EQ(portald_.state(kClientName), "stranger");
    EXPECT_TRUE(guest().captive());
}

// A foreign tool takes TC, with nobody there to put it back.
TEST_P(SurvivalTest, WithoutTcPort80IsNobodys) {
    ASSERT_EQ(portald_.ctl({"client", "trust", kOtherName}).exit, 0);
    ASSERT_EQ(guest().get(Guest::url(guest().server(80))).status, 511);
    portald_.kill();
    take_away_steering(lab_);
    const PacketSocket internet(lab_.internet, lab::kInternetInterface);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const auto from = [&](const Mac& station) {
        const Ethernet link{.src = station};
        return v4() ? link / IPv4{} : link / IPv6{};
    };
    for (const std::uint8_t flags : {kSyn, kAck})
        ASSERT_TRUE(client.send(from(kClientMac) / TCP{.dport = 80, .flags = flags}));
    EXPECT_EQ(guest().get(Guest::url(guest().server(80))).status, 0);
    ASSERT_TRUE(client.send(last_frame(from(kOtherMac))));
    for (const Bytes& frame : internet.receive_until(is_last_frame))
        EXPECT_TRUE(lab::is_chatter(frame)) << testing::PrintToString(frame);
    portald_.start();
    EXPECT_TRUE(guest().captive());
}

TEST_P(SurvivalTest, TheGateReturnsWithItsDevice) {
    ASSERT_EQ(guest().click_through().status, 303);
    Process monitor = portald_.monitor();
    lab_.unplug_client();
    EXPECT_NE(monitor.await_line("program_detached").find("eth1"), std::string::npos);
    lab_.connect_client();
    EXPECT_NE(monitor.await_line("program_attached").find("eth1"), std::string::npos);
    const boost::json::value hooks = portald_.json({"prog", "show"});
    for (const auto& hook : hooks.as_array())
        EXPECT_TRUE(hook.at("attached").as_bool()) << hook;

    EXPECT_TRUE(guest().online());
    ASSERT_EQ(portald_.ctl({"client", "deauthorize", kClientName}).exit, 0);
    EXPECT_TRUE(guest().captive());
    EXPECT_EQ(guest().click_through().status, 303);
}

TEST_P(SurvivalTest, TheGateReturnsWithADeviceThatWasMissingAtAStart) {
    portald_.kill();
    lab_.unplug_client();
    lab_.connect_client();
    // Nobody has put the gate back on the new device yet.
    portald_.start();
    EXPECT_TRUE(guest().captive());
    EXPECT_EQ(guest().click_through().status, 303);
}

TEST_P(SurvivalTest, DetachOpensTheGate) {
    EXPECT_EQ(portald_.ctl({"detach"}).exit, 1);
    EXPECT_TRUE(guest().captive());
    EXPECT_EQ(portald_.ctl({"detach", "--yes"}).exit, 0);
    EXPECT_EQ(portald_.process().wait().exit, 0);
    EXPECT_TRUE(guest().online());
    portald_.start();
    EXPECT_TRUE(guest().captive());
}

PORTAL_BOTH_FAMILIES(SurvivalTest);

}  // namespace
}  // namespace portal::system_test
