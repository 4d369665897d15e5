// The way to the venue's application and back, on the portal's own host, without a socket.
#include "responder/remote_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include "responder/portal_site.h"
#include "unit/responder/fake_portald.h"

namespace portal::responder {
namespace {

using test::guest;
using test::stranger;
using testing::HasSubstr;
using testing::Not;

constexpr FormToken::Time kNow(std::chrono::hours(1000));

ipc::Configuration configuration() {
    ipc::Configuration configuration;
    configuration.portal_name = "Example venue";
    configuration.hostname = "portal.example.net";
    configuration.remote = true;
    return configuration;
}

class RemoteSiteTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }

    static http::Request request(const std::string& target,
                                 http::Method method = http::Method::get) {
        http::Request request(method, target, 11);
        request.set(http::Field::host, "portal.example.net");
        return request;
    }
    std::variant<http::Response, Submission> receive(const std::string& target,
                                                     const ipc::Caller& caller = stranger()) const {
        const http::Request asked = request(target);
        return site_.receive(asked, *http::parse_target(asked), flow_, caller, kNow);
    }
    http::Response answer(const std::string& target, const ipc::Caller& caller = stranger()) const {
        auto received = receive(target, caller);
        if (auto* response = std::get_if<http::Response>(&received)) return *response;
        ADD_FAILURE() << target << " asks, and does not answer";
        return {};
    }
    Submission submission(const std::string& target) const {
        auto received = receive(target);
        if (auto* submission = std::get_if<Submission>(&received)) return *submission;
        ADD_FAILURE() << target << " answers, and does not ask";
        return {.question = ipc::SignOut{}, .client = {}, .carried = {}};
    }
    http::Response conclude(const std::string& target, const ipc::Reply& reply) const {
        return site_.conclude(submission(target), reply, kNow);
    }

    const Flow flow_{.client = *parse_ip_address("192.0.2.10"),
                     .client_port = 4000,
                     .server = *parse_ip_address("192.0.2.1"),
                     .server_port = 80};
    PortalSite site_{configuration()};
};

TEST_F(RemoteSiteTest, TheFrontPageLeadsThere) {
    const std::string body = answer("/?url=http://example.org/a%26b").body();
    EXPECT_THAT(body, HasSubstr("href=\"/remote?url=http%3A%2F%2Fexample.org%2Fa%26b\""));
    EXPECT_THAT(body, Not(HasSubstr("ask the staff")));
    EXPECT_THAT(answer("/").body(), HasSubstr("href=\"/remote\""));
}

TEST_F(RemoteSiteTest, WithoutTheMethodThereIsNoSuchPage) {
    ipc::Configuration other = configuration();
    other.remote = false;
    other.password = true;
    const PortalSite site(other);
    for (const char* target : {"/remote", "/remote/return?grant=a.b.c"}) {
        const http::Request asked = request(target);
        const auto received =
            site.receive(asked, *http::parse_target(asked), flow_, stranger(), kNow);
        ASSERT_TRUE(std::holds_alternative<http::Response>(received)) << target;
        EXPECT_EQ(std::get<http::Response>(received).result_int(), 404u);
    }
    const http::Request front = request("/");
    const auto received = site.receive(front, *http::parse_target(front), flow_, stranger(), kNow);
    EXPECT_THAT(std::get<http::Response>(received).body(), Not(HasSubstr("/remote")));
}

TEST_F(RemoteSiteTest, AGuestIsSentWherePortaldSays) {
    const std::string target = "/remote?url=http%3A%2F%2Fexample.org%2Fa%3Fsecret";
    EXPECT_EQ(std::get<ipc::RemoteStart>(submission(target).question),
              (ipc::RemoteStart{flow_, *stranger().client, "http://example.org/a", false}));
    EXPECT_EQ(std::get<ipc::RemoteStart>(submission("/remote").question).url, "");
    EXPECT_EQ(std::get<ipc::RemoteStart>(submission("/remote?url=javascript:a").question).url, "");

    ipc::Reply reply;
    reply.location = "https://venue.example.net/?token=a.b.c";
    const http::Response response = conclude(target, reply);
    EXPECT_EQ(response.result_int(), 303u);
    EXPECT_EQ(response[http::Field::location], *reply.location);
    EXPECT_EQ(response[http::Field::cache_control], "no-store");
    reply.location.reset();
    EXPECT_EQ(conclude(target, reply).result_int(), 500u);
}

TEST_F(RemoteSiteTest, AnOriginalUrlGoesTheWayWithItsSeal) {
    const std::string url = "http%3A%2F%2Fexample.org%2Fa";
    const std::string seal = site_.seals().issue("http://example.org/a", flow_.client, kNow);
    const std::string target = "/remote?url=" + url + "&seal=" + seal;
    EXPECT_THAT(answer("/?url=" + url + "&seal=" + seal).body(),
                HasSubstr("href=\"/remote?url=" + url + "&amp;seal=" + seal + "\""));
    EXPECT_EQ(std::get<ipc::RemoteStart>(submission(target).question),
              (ipc::RemoteStart{flow_, *stranger().client, "http://example.org/a", true}));
    const std::string other = "/remote?url=http%3A%2F%2Fexample.net%2F&seal=" + seal;
    EXPECT_FALSE(std::get<ipc::RemoteStart>(submission(other).question).sealed);

    ipc::Reply reply;
    reply.caller = guest();
    reply.location = "http://example.org/a";
    reply.sealed = true;
    EXPECT_EQ(conclude("/remote/return?grant=a.b.c", reply)[http::Field::location],
              "http://example.org/a");
}

TEST_F(RemoteSiteTest, AGrantIsBroughtToPortald) {
    const std::string target = "/remote/return?grant=aaa.bbb.ccc";
    EXPECT_EQ(std::get<ipc::RemoteReturn>(submission(target).question),
              (ipc::RemoteReturn{flow_, *stranger().client, "aaa.bbb.ccc"}));
    ipc::Reply reply;
    reply.caller = guest();
    EXPECT_EQ(conclude(target, reply)[http::Field::location], "/status");
    reply.location = "http://example.org/a";
    EXPECT_EQ(conclude(target, reply)[http::Field::location],
              "/status?url=http%3A%2F%2Fexample.org%2Fa");
}

TEST_F(RemoteSiteTest, WithoutAGrantTheGuestIsBackAtTheStart) {
    for (const char* target : {"/remote/return", "/remote/return?grant=", "/remote/return?a=b"}) {
        const http::Response response = answer(target);
        EXPECT_EQ(response.result_int(), 303u);
        EXPECT_EQ(response[http::Field::location], "/");
    }
}

TEST_F(RemoteSiteTest, WhoIsSignedInIsSentNowhere) {
    const http::Response response = answer("/remote?url=http://example.org/", guest());
    EXPECT_EQ(response.result_int(), 303u);
    EXPECT_EQ(response[http::Field::location], "/status?url=http%3A%2F%2Fexample.org%2F");
}

TEST_F(RemoteSiteTest, OutcomesHaveTheirPages) {
    const std::string target = "/remote/return?grant=a.b.c";
    ipc::Reply reply;
    reply.caller = stranger();
    for (const auto& [outcome, status] :
         {std::pair(ipc::Outcome::refused, 403u), std::pair(ipc::Outcome::replayed, 403u),
          std::pair(ipc::Outcome::throttled, 429u), std::pair(ipc::Outcome::busy, 503u),
          std::pair(ipc::Outcome::unknown, 503u), std::pair(ipc::Outcome::failed, 500u)}) {
        reply.outcome = outcome;
        const http::Response response = conclude(target, reply);
        EXPECT_EQ(response.result_int(), status);
        EXPECT_THAT(response.body(), Not(HasSubstr("a.b.c")));
    }
    // The page of the grant that has just signed in, loaded again.
    reply.outcome = ipc::Outcome::replayed;
    reply.caller = guest();
    EXPECT_EQ(conclude(target, reply)[http::Field::location], "/status");

    const Submission asked = submission(target);
    EXPECT_EQ(site_.conclude(asked, fail(ErrorCode::unavailable, "gone"), kNow).result_int(), 503u);
    EXPECT_EQ(site_.conclude(asked, fail(ErrorCode::invalid, "no JWT"), kNow).result_int(), 403u);
}

TEST_F(RemoteSiteTest, OnlyGetActs) {
    for (const http::Method method :
         {http::Method::head, http::Method::post, http::Method::put, http::Method::options})
        for (const char* target : {"/remote", "/remote/return?grant=a.b.c"}) {
            const http::Request asked = request(target, method);
            const auto received =
                site_.receive(asked, *http::parse_target(asked), flow_, stranger(), kNow);
            ASSERT_TRUE(std::holds_alternative<http::Response>(received)) << target;
            EXPECT_EQ(std::get<http::Response>(received).result_int(), 405u);
            EXPECT_EQ(std::get<http::Response>(received)[http::Field::allow], "GET");
        }
}

TEST_F(RemoteSiteTest, WhatCannotBeReadOrIsNobodysIsNotAsked) {
    EXPECT_EQ(answer("/remote?url=%zz").result_int(), 400u);
    EXPECT_EQ(answer("/remote/return?grant=%zz").result_int(), 400u);
    EXPECT_EQ(answer("/remote", ipc::Caller{}).result_int(), 503u);
    EXPECT_EQ(answer("/remote/return?grant=a.b.c", ipc::Caller{}).result_int(), 503u);
    EXPECT_EQ(answer("/remote/").result_int(), 404u);
    EXPECT_EQ(answer("/remote/return/").result_int(), 404u);
}

}  // namespace
}  // namespace portal::responder
