// Exit statuses, and what is said where.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "portalctl.h"

namespace portal::portalctl::test {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Failure, RefusalIsStatus1WithDetailAndHint) {
    Gateway gateway;
    gateway.daemon().answer("GET /v1/clients/nonsense",
                            R"({"type":"about:blank","title":"Bad Request","status":400,)"
                            R"("detail":"\"nonsense\" is not a MAC address","hint":"write it"})",
                            400);
    const Ended plain = gateway.run({"client", "show", "nonsense"});
    EXPECT_EQ(plain.status, 1);
    EXPECT_EQ(plain.output, "");
    EXPECT_EQ(plain.error, "Error: \"nonsense\" is not a MAC address\nHint: write it\n");
    const Ended as_json = gateway.run({"client", "show", "nonsense", "-j"});
    EXPECT_EQ(as_json.status, 1);
    EXPECT_EQ(as_json.error, "");
    EXPECT_EQ(
        parse_json(as_json.output),
        (boost::json::value{{"error", "\"nonsense\" is not a MAC address"}, {"hint", "write it"}}));
}

TEST(Failure, UnknownClientIsStatus1) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"client", "show", "02:00:00:00:00:99"}).status, 1);
}

TEST(Failure, RefusalWithoutAProblemDocumentIsItsStatusLine) {
    Gateway gateway;
    gateway.daemon().answer("GET /v1/status", "<html>", 502);
    const Ended ended = gateway.run({"status", "-j"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(parse_json(ended.output),
              (boost::json::value{{"error", "the daemon answered 502 Bad Gateway"}}));
}

TEST(Failure, AnswersThatAreNotTheApisAreStatus1) {
    Gateway gateway;
    for (const std::string_view answer : {"", "{", "[1]x", "\"\xff\"", "7"}) {
        gateway.daemon().answer("GET /v1/status", answer);
        const Ended ended = gateway.run({"status"});
        EXPECT_EQ(ended.status, 1) << answer;
        EXPECT_THAT(ended.error, StartsWith("Error: the daemon's answer is not "));
        EXPECT_EQ(ended.output, "");
    }
    gateway.daemon().answer_raw("GET /v1/status", "SSH-2.0-OpenSSH\r\n", FakeDaemon::Then::close);
    EXPECT_THAT(gateway.run({"status"}).error, HasSubstr("the daemon's answer is not HTTP"));
}

TEST(Failure, MembersOfOtherTypesDoNoHarm) {
    Gateway gateway;
    gateway.daemon().answer("GET /v1/clients",
                            R"([1,null,[],{},{"mac":7,"vlan":"x","ip":{"a":1},"expires_at":-1,)"
                            R"("rx_bytes":-5,"tx_bytes":1e300,"last_seen":"yesterday"}])");
    EXPECT_EQ(gateway.run({"client"}).status, 0);
    gateway.daemon().answer("GET /v1/status", R"({"interfaces":[1],"clients":[],"responder":1})");
    EXPECT_EQ(gateway.run({"status"}).status, 0);
    gateway.daemon().answer("GET /v1/doctor", "[1]");
    EXPECT_EQ(gateway.run({"doctor"}).status, 1);
}

TEST(Failure, MisuseIsStatus2) {
    const Ended plain = run_child({PORTALCTL, "client", "authorize"});
    EXPECT_EQ(plain.status, 2);
    EXPECT_EQ(plain.output, "");
    EXPECT_EQ(plain.error, "Error: client authorize needs MAC\nHint: see: portalctl client help\n");
    const Ended as_json = run_child({PORTALCTL, "bogus", "--json"});
    EXPECT_EQ(as_json.status, 2);
    EXPECT_EQ(as_json.error, "");
    EXPECT_EQ(parse_json(as_json.output).at("error").as_string(), "\"bogus\" is not an object");
    EXPECT_EQ(run_child({PORTALCTL}).status, 2);
}

TEST(Failure, NoSocketIsStatus3) {
    const TemporaryDirectory directory;
    const std::string path = directory.path("none.sock");
    const Ended plain = run_child({PORTALCTL, "-s", path, "status"});
    EXPECT_EQ(plain.status, 3);
    EXPECT_THAT(plain.error, StartsWith("Error: portald at " + path + " cannot be reached: "));
    EXPECT_THAT(plain.error, HasSubstr("Hint: start portald"));
    const Ended as_json = run_child({PORTALCTL, "-js", path, "status"});
    EXPECT_EQ(as_json.status, 3);
    EXPECT_EQ(as_json.error, "");
    EXPECT_TRUE(parse_json(as_json.output).as_object().contains("hint"));
}

TEST(Failure, NobodyListeningIsStatus3) {
    const TemporaryDirectory directory;
    const std::string path = directory.path("dead.sock");
    const UniqueFd bound(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path.c_str());
    ASSERT_EQ(bind(bound.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(run_child({PORTALCTL, "-s", path, "status"}).status, 3);
    EXPECT_EQ(run_child({PORTALCTL, "-s", path, "event", "monitor"}).status, 3);
}

TEST(Failure, SocketPathTooLongIsStatus3) {
    const std::string longest = "/tmp/" + std::string(102, 'x');
    const Ended fits = run_child({PORTALCTL, "-s", longest, "status"});
    EXPECT_THAT(fits.error, HasSubstr("cannot be reached"));
    const Ended ended = run_child({PORTALCTL, "-s", longest + "x", "status"});
    EXPECT_EQ(ended.status, 3);
    EXPECT_THAT(ended.error, HasSubstr("is longer than 107 bytes"));
}

TEST(Failure, DaemonThatHangsUpIsStatus3) {
    Gateway gateway;
    for (const std::string_view bytes :
         {"", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"}) {
        gateway.daemon().answer_raw("GET /v1/status", bytes, FakeDaemon::Then::close);
        const Ended ended = gateway.run({"status"});
        EXPECT_EQ(ended.status, 3) << bytes;
        EXPECT_THAT(ended.error, HasSubstr("closed the connection without an answer"));
    }
}

TEST(Failure, OutputThatCannotBeWrittenIsStatus1) {
    Gateway gateway;
    std::string line = "exec \"$0\"";
    const auto words = gateway.command({"status"});
    for (std::size_t i = 1; i < words.size(); ++i)
        line += " " + words[i];
    const Ended ended = run_child({"sh", "-c", line + " >/dev/full", words[0]});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.error, HasSubstr("could not be written"));
}

}  // namespace portal::portalctl::test
