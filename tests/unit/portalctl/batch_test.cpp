#include <gmock/gmock.h>

#include "portalctl.h"

namespace portal::portalctl::test {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Batch, RunsLinesOverOneConnection) {
    Gateway gateway;
    const TemporaryDirectory directory;
    const std::string file = directory.file("batch",
                                            "# all of it\n"
                                            "\n"
                                            "  client block 02:00:00:00:00:01@100   # bad\n"
                                            "garden add \"203.0.113.0/24\" --port '443/tcp'\n"
                                            "policy");
    const Ended ended = gateway.run({"-j", "batch", "file", file});
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_EQ(std::ranges::count(ended.output, '\n'), 3);
    EXPECT_THAT(ended.output, HasSubstr("\n{\"prefix\":\"203.0.113.0/24\""));
    const auto received = gateway.daemon().received();
    ASSERT_EQ(received.size(), 3u);
    EXPECT_EQ(received[1].body, R"({"prefix":"203.0.113.0/24","port":"443/tcp"})");
    for (const Received& request : received)
        EXPECT_EQ(request.connection, 1);
}

TEST(Batch, StopsAtTheFirstFailureAndNamesIt) {
    Gateway gateway;
    const TemporaryDirectory directory;
    const std::string file = directory.file("batch", "policy\nuser delete nobody\nstatus\n");
    const Ended ended = gateway.run({"batch", "file", file});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.output, StartsWith("NAME"));
    EXPECT_EQ(ended.error, "Error: " + file + ":2: no answer is prepared\n");
    EXPECT_EQ(gateway.daemon().received().size(), 2u);
}

TEST(Batch, MisuseInALineIsAFailure) {
    Gateway gateway;
    for (const std::string line :
         {"bogus", "client block", "client -j", "client \"x", "event monitor", "event",
          "batch file -", "detach --yes", "client \\"}) {
        const Ended ended = gateway.run({"batch", "file", "-"}, "# one\n" + line + "\n");
        EXPECT_EQ(ended.status, 1) << line;
        EXPECT_EQ(ended.output, "");
        EXPECT_THAT(ended.error, StartsWith("Error: standard input:2: ")) << line;
    }
    EXPECT_TRUE(gateway.daemon().received().empty());
}

TEST(Batch, StopsWhereTheDoctorFindsSomething) {
    Gateway gateway;
    gateway.daemon().answer("GET /v1/doctor",
                            R"([{"check":"x","ok":false,"detail":"y","cure":null}])");
    const Ended ended = gateway.run({"batch", "file", "-"}, "doctor\nstatus\n");
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.error, HasSubstr("standard input:1: "));
    EXPECT_EQ(gateway.daemon().received().size(), 1u);
}

TEST(Batch, AnswersEachLineAsItComes) {
    Gateway gateway;
    Child batch(gateway.command({"batch", "file", "-"}));
    batch.write("policy\n");
    EXPECT_THAT(batch.read_output_until("night"), HasSubstr("night"));
    batch.write("user add alice\ncorrect horse\n");
    EXPECT_THAT(batch.read_output_until("alice"), HasSubstr("alice"));
    batch.close_input();
    EXPECT_EQ(batch.wait(), 0);
    EXPECT_EQ(gateway.daemon().received().back().body,
              R"({"name":"alice","password":"correct horse"})");
}

TEST(Batch, FileThatCannotBeReadIsAFailure) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"batch", "file", "/nonexistent"}).status, 1);
    EXPECT_EQ(gateway.run({"batch", "file", "/"}).status, 1);
}

TEST(Batch, UnreachableDaemonStaysStatus3) {
    const Ended ended =
        run_child({PORTALCTL, "-s", "/nonexistent", "batch", "file", "-"}, "status\n");
    EXPECT_EQ(ended.status, 3);
    EXPECT_THAT(ended.error, StartsWith("Error: standard input:1: "));
}

}  // namespace portal::portalctl::test
