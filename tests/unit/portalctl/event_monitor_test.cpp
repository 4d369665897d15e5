#include <gmock/gmock.h>

#include <csignal>

#include "portalctl.h"

namespace portal::portalctl::test {

using testing::HasSubstr;

namespace {

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
constexpr std::string_view kEvents =
    ": keep-alive\n\n"
    "event: sign_in\ndata: {\"time\":\"2026-01-31T08:00:00Z\",\"type\":\"sign_in\","
    "\"mac\":\"02:00:00:00:00:01\",\"vlan\":100,\"ip\":\"192.0.2.7\",\"interface\":\"eth1\","
    "\"user\":\"al\\u001bice\",\"method\":\"password\",\"detail\":null}\n\n"
    "event: responder\ndata: {\"time\":\"2026-01-31T08:00:01Z\",\"type\":\"responder\","
    "\"mac\":null,\"vlan\":null,\"ip\":null,\"interface\":null,\"user\":null,\"method\":null,"
    "\"detail\":\"restarted\"}\n\n";

std::string stream() {
    return std::string(kHead) + std::string(kEvents);
}

}  // namespace

TEST(EventMonitor, PrintsLinesUntilInterrupted) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        Gateway gateway;
        gateway.daemon().answer_raw("GET /v1/events", stream(), FakeDaemon::Then::keep_open);
        Child monitor(gateway.command({"event", "monitor"}));
        EXPECT_EQ(monitor.read_output_until("restarted\n"),
                  "2026-01-31T08:00:00Z  sign_in           02:00:00:00:00:01@100  ip 192.0.2.7"
                  "  interface eth1  user al\\x1bice  method password\n"
                  "2026-01-31T08:00:01Z  responder         detail restarted\n");
        monitor.signal(signal);
        EXPECT_EQ(monitor.wait(), 0);
        EXPECT_EQ(monitor.error(), "");
    }
}

TEST(EventMonitor, PrintsOneJsonObjectALine) {
    Gateway gateway;
    gateway.daemon().answer_raw("GET /v1/events", stream(), FakeDaemon::Then::keep_open);
    Child monitor(gateway.command({"-j", "event"}));
    const std::string output = monitor.read_output_until("restarted\"}\n");
    const std::size_t end = output.find('\n') + 1;
    EXPECT_EQ(parse_json(output.substr(0, end)).at("user").as_string(), "al\x1bice");
    EXPECT_EQ(parse_json(output.substr(end)).at("type").as_string(), "responder");
    monitor.signal(SIGINT);
    EXPECT_EQ(monitor.wait(), 0);
}

TEST(EventMonitor, SaysHowManyWereLeftOut) {
    const std::string lost =
        "event: lost\nid: 9\ndata: {\"time\":\"2026-01-31T08:00:02Z\",\"type\":\"lost\","
        "\"mac\":null,\"vlan\":null,\"ip\":null,\"interface\":null,\"user\":null,\"method\":null,"
        "\"detail\":null,\"lost\":{\"stranger\":1200,\"flood\":3}}\n\n";
    Gateway gateway;
    gateway.daemon().answer_raw("GET /v1/events", std::string(kHead) + "retry: 2000\n\n" + lost,
                                FakeDaemon::Then::close);
    EXPECT_EQ(gateway.run({"event", "monitor"}).output,
              "2026-01-31T08:00:02Z  lost              1200 stranger  3 flood\n");
}

TEST(EventMonitor, SaysThatTheDaemonEnded) {
    Gateway gateway;
    gateway.daemon().answer_raw("GET /v1/events", stream(), FakeDaemon::Then::close);
    const Ended ended = gateway.run({"event", "monitor"});
    EXPECT_EQ(ended.status, 3);
    EXPECT_THAT(ended.output, HasSubstr("restarted"));
    EXPECT_THAT(ended.error, HasSubstr("ended the stream"));
}

TEST(EventMonitor, RefusesWhatIsNoEvent) {
    Gateway gateway;
    gateway.daemon().answer_raw("GET /v1/events", std::string(kHead) + "data: [1]\n\n",
                                FakeDaemon::Then::keep_open);
    EXPECT_EQ(gateway.run({"event", "monitor"}).status, 1);
}

}  // namespace portal::portalctl::test
