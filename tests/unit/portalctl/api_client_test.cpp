#include "portalctl/api_client.h"

#include <gmock/gmock.h>

#include <chrono>

#include "fake_daemon.h"

namespace portal::portalctl::test {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(ApiClient, KeepsItsConnection) {
    FakeDaemon daemon;
    daemon.answer("GET /v1/status", "{}");
    ApiClient api(daemon.socket());
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(api.get_object("/v1/status"));
    EXPECT_FALSE(api.get_object("/v1/other"));
    ASSERT_EQ(daemon.received().size(), 4u);
    for (const Received& request : daemon.received())
        EXPECT_EQ(request.connection, 1);
}

TEST(ApiClient, ConnectsAnewAfterTheDaemonClosed) {
    FakeDaemon daemon;
    constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    daemon.answer_raw("GET /v1/status", answer, FakeDaemon::Then::close);
    daemon.answer("GET /v1/other", "{}");
    ApiClient api(daemon.socket());
    ASSERT_TRUE(api.get_object("/v1/status"));
    // Once the daemon has taken another connection, it has closed the first.
    ASSERT_TRUE(ApiClient(daemon.socket()).get_object("/v1/other"));
    ASSERT_TRUE(api.get_object("/v1/other"));
    EXPECT_EQ(daemon.received().back().connection, 3);
}

TEST(ApiClient, SilenceIsUnreachable) {
    FakeDaemon daemon;
    daemon.answer_raw("GET /v1/status", "HTTP/1.1 200 OK\r\n", FakeDaemon::Then::keep_open);
    ApiClient api(daemon.socket(), 20ms);
    const auto answer = api.get_object("/v1/status");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().exit, Exit::unreachable);
    EXPECT_THAT(answer.error().what, HasSubstr("does not answer"));
}

TEST(ApiClient, BoundsAnswers) {
    FakeDaemon daemon;
    daemon.answer_raw("GET /v1/status", "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n",
                      FakeDaemon::Then::keep_open);
    ApiClient api(daemon.socket());
    const auto answer = api.get_object("/v1/status");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().exit, Exit::failed);
    EXPECT_THAT(answer.error().what, HasSubstr("larger than 64 MiB"));
}

TEST(ApiClient, TakesAnswersOfManyClients) {
    FakeDaemon daemon;
    std::string body = "[0";
    for (int i = 1; i < 1'000'000; ++i)
        body += "," + std::to_string(i);
    daemon.answer("GET /v1/clients", body + "]");
    ApiClient api(daemon.socket());
    const auto answer = api.get_array("/v1/clients");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->size(), 1'000'000u);
}

TEST(ApiClient, RefusedStreamHasItsReason) {
    FakeDaemon daemon;
    daemon.answer("GET /v1/events", R"({"detail":"too many listeners"})", 503);
    ApiClient api(daemon.socket());
    const auto result = api.follow("/v1/events", -1, [](std::string_view) -> Status { return {}; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().exit, Exit::failed);
    EXPECT_EQ(result.error().what, "too many listeners");
}

TEST(ApiClient, SegmentEncodesAllButTheUnreserved) {
    EXPECT_EQ(ApiClient::segment("02:00@1"), "02%3A00%401");
    EXPECT_EQ(ApiClient::segment("../x"), "..%2Fx");
    EXPECT_EQ(ApiClient::segment("a\r\nb\0c"), "a%0D%0Ab");
}

}  // namespace portal::portalctl::test
