// Where the venue's application brings grants: the real server on loopback, with a fake portald.
#include "responder/grant_api.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>

#include "ipc/channel.h"
#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"
#include "unit/responder/fake_portald.h"

namespace portal::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class FixedClock final : public Clock {
  public:
    WallTime wall() const override {
        return WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 31));
    }
    MonotonicTime monotonic() const override { return std::chrono::hours(1); }
};

class GrantApiTest : public testing::Test {
    RunningContext context_;  // before what runs on it

  protected:
    GrantApiTest() {
        auto pair = ipc::make_channel_pair();
        EXPECT_TRUE(pair);
        auto& context = context_.get();
        portald_ = std::make_unique<FakePortald>(
            context, std::move(pair->first),
            [this](const ipc::Request&) -> std::optional<ipc::Reply> { return reply_; });
        const auto client = std::make_shared<responder::PortaldClient>(
            context.get_executor(), ipc::Channel(context.get_executor(), std::move(pair->second)),
            std::chrono::milliseconds(100));
        boost::asio::co_spawn(context, client->run(), boost::asio::detached);
        UniqueFd listener = listen_on_loopback();
        port_ = port_of(listener.get());
        http::serve(context, std::move(listener),
                    std::make_shared<responder::GrantApi>(client, clock_),
                    responder::GrantApi::kLimits);
    }
    ~GrantApiTest() override { context_.stop(); }

    // After `reply_` has been set.
    RawResponse ask(std::string_view bytes) {
        if (!std::exchange(started_, true)) context_.start();
        RawClient client = RawClient::to_loopback(port_);
        client.send(bytes);
        return parse_response(client.read_to_end());
    }
    RawResponse post(const std::string& body, const std::string& type = "application/json",
                     const std::string& path = "/v1/grants") {
        return ask("POST " + path + " HTTP/1.1\r\nHost: 198.51.100.1:8443\r\nContent-Type: " +
                   type + "\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\nConnection: close\r\n\r\n" + body);
    }
    void expect_problem(const RawResponse& response, int status) {
        EXPECT_EQ(response.status(), status) << response.body;
        EXPECT_EQ(response.field("content-type"), "application/problem+json");
        EXPECT_EQ(response.field("cache-control"), "no-store");
        EXPECT_EQ(boost::json::parse(response.body).at("status"), status);
    }

    const FixedClock clock_;
    std::optional<ipc::Reply> reply_ = ipc::Reply{};
    std::unique_ptr<FakePortald> portald_;
    std::uint16_t port_ = 0;
    bool started_ = false;
};

TEST_F(GrantApiTest, AGrantSignsItsClientIn) {
    reply_->caller = guest();
    const RawResponse response = post(R"({"grant":"aaa.b-_.ccc"})");
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.field("content-type"), "application/json");
    EXPECT_EQ(response.field("cache-control"), "no-store");
    EXPECT_EQ(boost::json::parse(response.body),
              (boost::json::value{{"client", "02:00:00:00:00:01"},
                                  {"expires_at", "2026-01-31T02:00:00Z"}}));
    const auto asked = portald_->asked<ipc::RemoteCallback>();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0], (ipc::RemoteCallback{*parse_ip_address("127.0.0.1"), "aaa.b-_.ccc"}));
}

TEST_F(GrantApiTest, ASessionWithoutEndHasNone) {
    reply_->caller = guest();
    reply_->caller.remaining.reset();
    EXPECT_TRUE(
        boost::json::parse(post(R"({"grant":"a.b.c"})", "application/json; charset=utf-8").body)
            .at("expires_at")
            .is_null());
}

struct Told {
    ipc::Outcome outcome;
    int status;
};

class GrantOutcomeTest : public GrantApiTest, public testing::WithParamInterface<Told> {};

TEST_P(GrantOutcomeTest, IsAProblem) {
    reply_->outcome = GetParam().outcome;
    reply_->retry_after = Seconds(90);
    // A portald that fails tells of nobody; should it, nobody hears of it.
    reply_->caller = guest();
    const RawResponse response = post(R"({"grant":"a.b.c"})");
    expect_problem(response, GetParam().status);
    EXPECT_EQ(response.field("retry-after"), GetParam().status == 429 ? "90" : "");
    EXPECT_THAT(response.body, Not(HasSubstr("02:00")));
}

INSTANTIATE_TEST_SUITE_P(All, GrantOutcomeTest,
                         testing::Values(Told{ipc::Outcome::refused, 403},
                                         Told{ipc::Outcome::replayed, 409},
                                         Told{ipc::Outcome::throttled, 429},
                                         Told{ipc::Outcome::unknown, 500},
                                         Told{ipc::Outcome::failed, 500}),
                         [](const auto& param) { return std::to_string(param.index); });

TEST_F(GrantApiTest, WhatIsNoRequestIsNotAsked) {
    for (const std::string& body :
         {std::string(), std::string("grant=a.b.c"), std::string("[]"), std::string("{}"),
          std::string(R"({"grant":null})"), std::string(R"({"grant":["a.b.c"]})"),
          std::string(R"({"grant":""})"), std::string(R"({"grant":"a b"})"),
          std::string(R"({"grant":"a.b.c","client":"02:00:00:00:00:01"})"),
          std::string(R"({"grant":"a.b.c"}{})"), std::string(R"({"grant":{"a":{"b":1}}})"),
          "{\"grant\":\"" + std::string(ipc::kLongestGrant + 1, 'a') + "\"}"})
        expect_problem(post(body), 400);
    expect_problem(post(R"({"grant":"a.b.c"})", "text/plain"), 415);
    expect_problem(post(R"({"grant":"a.b.c"})", "application/jsonp"), 415);
    EXPECT_THAT(portald_->requests(), IsEmpty());
}

TEST_F(GrantApiTest, NothingElseIsThere) {
    for (const char* path : {"/", "/v1", "/v1/grants/", "/v1/clients", "/status", "/remote",
                             "/v1/%67rants", "/v1/grants/../clients"})
        expect_problem(post(R"({"grant":"a.b.c"})", "application/json", path), 404);
    const RawResponse get = ask("GET /v1/grants HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect_problem(get, 405);
    EXPECT_EQ(get.field("allow"), "POST");
    expect_problem(ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 404);
    EXPECT_THAT(portald_->requests(), IsEmpty());
}

TEST_F(GrantApiTest, WhatIsTooLargeOrNoHttpIsAProblem) {
    expect_problem(post(std::string(9000, ' ')), 413);
    expect_problem(
        ask("POST /v1/grants HTTP/1.1\r\nHost: a\r\nX: " + std::string(5000, 'x') + "\r\n\r\n"),
        431);
    expect_problem(ask("nonsense\r\n\r\n"), 400);
    EXPECT_THAT(portald_->requests(), IsEmpty());
}

TEST_F(GrantApiTest, WithoutPortaldItSaysLater) {
    reply_.reset();
    const RawResponse response = post(R"({"grant":"a.b.c"})");
    expect_problem(response, 503);
    EXPECT_EQ(response.field("retry-after"), "5");
}

}  // namespace
}  // namespace portal::test
