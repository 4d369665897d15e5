// Each command's data in both forms.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "portalctl.h"
#include "samples.h"

namespace portal::portalctl::test {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Command, JsonIsTheDaemonsAnswerAndNothingElse) {
    Gateway gateway;
    for (const Sample& sample : samples()) {
        for (const std::string option : {"-j", "-p"}) {
            auto words = sample.words;
            words.push_back(option);
            const Ended ended = gateway.run(words, sample.input);
            EXPECT_EQ(ended.status, 0);
            EXPECT_EQ(ended.error, "");
            EXPECT_EQ(parse_json(ended.output), json::parse(sample.answer)) << sample.request;
            EXPECT_EQ(std::ranges::count(ended.output, '\n') > 1,
                      option == "-p" && sample.answer.size() > 2);
        }
    }
}

TEST(Command, JsonKeepsTheOrderOfMembers) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"policy", "-j"}).output,
              "[{\"name\":\"night\",\"down\":\"20Mbit\",\"up\":\"0\",\"quota\":\"5GB\","
              "\"timeout_s\":7200,\"idle_timeout_s\":null,\"devices\":3,"
              "\"vlans\":[\"100\",\"200-299\"],\"hours\":\"22:00-06:00\","
              "\"methods\":[\"click-through\"],\"sessions\":2}]\n");
}

TEST(Command, PoliciesSayAllOfThem) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"policy"}).output,
              "NAME     DOWN  UP  QUOTA  TIME  IDLE  DEVICES  VLANS         HOURS        METHODS  "
              "      SESSIONS\n"
              "night  20Mbit   0    5GB    2h     -        3  100, 200-299  22:00-06:00  "
              "click-through         2\n");
}

TEST(Command, PlainListIsAnAlignedTable) {
    Gateway gateway;
    EXPECT_THAT(gateway.run({"garden"}).output,
                StartsWith("PLACE           PORT  PROTOCOL  SOURCE    LEARNT\n"
                           "203.0.113.0/24   443  tcp       operator  -\n"
                           "*.example.org      -  -         config    203.0.113.7 ("));
}

TEST(Command, PlainClientTable) {
    Gateway gateway;
    const std::string output = gateway.run({"client"}).output;
    EXPECT_THAT(output, StartsWith("MAC                    STATE"));
    EXPECT_THAT(output, HasSubstr("02:00:00:00:00:01@100  authorized  192.0.2.7 +1  alice"));
    EXPECT_THAT(output, HasSubstr("1.5 KiB  20 MiB"));
    EXPECT_THAT(output, HasSubstr("\n02:00:00:00:00:02      stranger    -"));
}

TEST(Command, PlainRecordIsALineEach) {
    Gateway gateway;
    const std::string output = gateway.run({"client", "show", "02:00:00:00:00:01@100"}).output;
    EXPECT_THAT(output, StartsWith("mac           02:00:00:00:00:01\nvlan          100\n"));
    EXPECT_THAT(output, HasSubstr("\nip            192.0.2.7, 2001:db8::7\n"));
    EXPECT_THAT(output, HasSubstr("\nidle_timeout  30m\n"));
    EXPECT_THAT(output, HasSubstr("\nexpires_at    2999-01-31T16:00:00Z (in "));
}

TEST(Command, PlainStatsLeaveOutWhatNeverOccurred) {
    Gateway gateway;
    const std::string output = gateway.run({"stats"}).output;
    EXPECT_THAT(output, HasSubstr("authorized  pass         42  4.1 KiB  from a signed-in"));
    EXPECT_THAT(output, Not(HasSubstr("https")));
    EXPECT_EQ(parse_json(gateway.run({"stats", "-j"}).output).as_array().size(), 2u);
}

TEST(Command, PlainProgramsMarkTheDetached) {
    Gateway gateway;
    const std::string output = gateway.run({"prog"}).output;
    EXPECT_THAT(output, HasSubstr("portal_egress   DETACHED  -"));
    EXPECT_THAT(output, HasSubstr("85 ns"));
    EXPECT_THAT(output, HasSubstr("the qdisc was replaced"));
}

TEST(Command, PlainConfigIsFlat) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"config"}).output,
              "KEY                        VALUE\n"
              "gateway.client_interfaces  eth1, eth2\n"
              "gateway.fast_path          yes\n"
              "policies.default.down      0\n");
}

TEST(Command, PlainReloadSaysWhatWaits) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"config", "reload"}).output,
              "applied: session.timeout\nneeds a restart: gateway.client_interfaces\n"
              "warning: policy \"staff\" is gone\n");
    gateway.daemon().answer("POST /v1/config/reload",
                            R"({"applied":[],"needs_restart":[],"warnings":[]})");
    EXPECT_EQ(gateway.run({"config", "reload"}).output, "nothing has changed\n");
}

TEST(Command, PlainStatus) {
    Gateway gateway;
    const std::string output = gateway.run({"status"}).output;
    EXPECT_THAT(output, HasSubstr("uptime      1m30s\n"));
    EXPECT_THAT(output, HasSubstr("interfaces  eth1 native, eth2 NOT ATTACHED (no such device)\n"));
    EXPECT_THAT(output, HasSubstr("responder   running, process 4711, restarts 2\n"));
    EXPECT_THAT(output, HasSubstr("3 authorized, 2 trusted, 1 blocked, 9 stranger; limit 65536"));
}

TEST(Command, DoctorFailsWhereSomethingIsWrong) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"doctor"}).output, "ok       routes  both families\n");
    gateway.daemon().answer(
        "GET /v1/doctor",
        R"([{"check":"routes","ok":true,"detail":"both families","cure":null},)"
        R"({"check":"qdisc","ok":false,"detail":"replaced","cure":"restart portald"}])");
    const Ended plain = gateway.run({"doctor"});
    EXPECT_EQ(plain.status, 1);
    EXPECT_EQ(plain.output,
              "ok       routes  both families\n"
              "PROBLEM  qdisc   replaced\n"
              "                 cure: restart portald\n");
    EXPECT_EQ(plain.error, "");
    const Ended as_json = gateway.run({"doctor", "-j"});
    EXPECT_EQ(as_json.status, 1);
    EXPECT_EQ(parse_json(as_json.output).as_array().size(), 2u);
}

TEST(Command, AuthorizeSendsOnlyTheOptionsGiven) {
    Gateway gateway;
    gateway.run({"client", "authorize", "02:00:00:00:00:01@100", "--timeout", "8h"});
    EXPECT_EQ(gateway.daemon().received().back().body, R"({"timeout":"8h"})");
}

TEST(Command, WordsFromTheOperatorAreEncodedInPaths) {
    Gateway gateway;
    gateway.run({"user", "delete", "a/b?c#d é"});
    EXPECT_EQ(gateway.daemon().received().back().target, "/v1/users/a%2Fb%3Fc%23d%20%C3%A9");
}

TEST(Command, HostileTextCannotReachTheTerminal) {
    Gateway gateway;
    gateway.daemon().answer(
        "GET /v1/users",
        R"([{"name":"\u001b[2J\u009b31m\u202e\u007f","created_at":"2026-01-31T08:00:00Z"}])");
    const auto is_terminal_safe = [](const std::string& text) {
        return std::ranges::all_of(text,
                                   [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
    };
    const std::string plain = gateway.run({"user"}).output;
    EXPECT_TRUE(is_terminal_safe(plain)) << plain;
    EXPECT_THAT(plain, HasSubstr("\\x1b[2J\\xc2\\x9b31m"));
    const std::string as_json = gateway.run({"user", "-j"}).output;
    EXPECT_TRUE(is_terminal_safe(as_json)) << as_json;
    EXPECT_EQ(parse_json(as_json).at(0).at("name").as_string(),
              "\x1b[2J\xc2\x9b"
              "31m\xe2\x80\xae\x7f");
    gateway.daemon().answer("GET /v1/users", R"({"detail":"\u001b]0;x\u0007"})", 500);
    EXPECT_TRUE(is_terminal_safe(gateway.run({"user"}).error));
}

TEST(Command, ConfigCheckNeedsNoDaemon) {
    const TemporaryDirectory directory;
    const std::string good =
        directory.file("good.toml", "[gateway]\nclient_interfaces = [\"eth1\"]\n");
    Ended ended = run_child({PORTALCTL, "-s", "/nowhere", "config", "check", good});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output, good + " is valid\n");
    ended = run_child({PORTALCTL, "-j", "config", "check", good});
    EXPECT_EQ(parse_json(ended.output), (json::value{{"file", good}, {"valid", true}}));

    const std::string bad = directory.file("bad.toml", "[gateway]\nclient_interface = []\n");
    ended = run_child({PORTALCTL, "config", "check", bad});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.output, "");
    EXPECT_THAT(ended.error, HasSubstr("Error: " + bad + ":2: gateway.client_interface: "));
}

TEST(Command, DetachWithoutTerminalNeedsYes) {
    Gateway gateway;
    const Ended refused = gateway.run({"detach"}, "yes\n");
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.error, HasSubstr("--yes"));
    EXPECT_TRUE(gateway.daemon().received().empty());
    const Ended done = gateway.run({"detach", "--yes"});
    EXPECT_EQ(done.output,
              "detached from eth1, eth2; the gate is open until portald starts again\n");
    EXPECT_EQ(gateway.daemon().received().back().body, R"({"confirm":true})");
}

TEST(Command, VoucherCreateSendsNumbersAsSuch) {
    Gateway gateway;
    gateway.run({"voucher", "create", "--count", "5", "--valid-for", "30d"});
    EXPECT_EQ(gateway.daemon().received().back().body, R"({"count":5,"valid_for":"30d"})");
    gateway.run({"voucher", "create"});
    EXPECT_EQ(gateway.daemon().received().back().body, R"({"count":1})");
    for (const char* count : {"-1", "many", "", "1e3", "99999999999999999999"})
        EXPECT_EQ(gateway.run({"voucher", "create", "--count", count}).status, 2) << count;
}

TEST(Command, PlainVouchers) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"voucher"}).output,
              "CODE            STATE   TIME  POLICY  DEVICES  VALID                 NOTE\n"
              "K7QF-M2XW-9RTD  in_use    8h  -           1/3  2999-01-31T16:00:00Z  room 12\n");
    const std::string one = gateway.run({"voucher", "show", "K7QF-M2XW-9RTD"}).output;
    EXPECT_THAT(one, HasSubstr("\nredemptions  02:00:00:00:00:01@100 until "));
}

TEST(Command, PlainAudit) {
    Gateway gateway;
    const std::string output = gateway.run({"audit"}).output;
    EXPECT_THAT(output, StartsWith("TIME                  CLIENT                 IP"));
    EXPECT_THAT(output, HasSubstr("2026-01-31T08:00:00Z  02:00:00:00:00:01@100  192.0.2.7  eth1"));
    EXPECT_THAT(output, HasSubstr("refused         3      1  wrong user name or password"));
}

}  // namespace portal::portalctl::test
