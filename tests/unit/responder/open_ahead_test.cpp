// A browser's connections that were open before the sign-in, and are used after it.
#include <gmock/gmock.h>
#include <sodium.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "responder/application.h"
#include "unit/responder/fake_portald.h"

namespace portal::responder {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class OpenAheadTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }

    OpenAheadTest() {
        auto pair = ipc::make_channel_pair().value();
        portald_ = std::make_unique<test::FakePortald>(context_, std::move(pair.first),
                                                       [this](const ipc::Request&) {
                                                           ipc::Reply reply;
                                                           reply.caller = caller_;
                                                           return reply;
                                                       });
        const auto client = std::make_shared<PortaldClient>(
            context_.get_executor(), ipc::Channel(context_.get_executor(), std::move(pair.second)),
            10s);
        asio::co_spawn(context_, client->run(), asio::detached);
        ipc::Configuration configuration;
        configuration.hostname = "portal.example.net";
        application_ = std::make_unique<Application>(configuration, client);
    }

    // To a request on a connection that has been open for `age`.
    http::Response answer(const http::Request& request, std::chrono::seconds age) {
        http::Peer peer;
        peer.accepted_at -= age;
        http::Response response;
        asio::co_spawn(
            context_,
            [&]() -> asio::awaitable<void> {
                http::Answer given = co_await application_->handle(request, peer);
                response = std::get<http::Response>(std::move(given));
                context_.stop();
            },
            asio::detached);
        context_.restart();
        context_.run();
        return response;
    }
    static http::Request get(const std::string& target) {
        http::Request request(http::Method::get, target, 11);
        request.set(http::Field::host, "example.org:8080");
        return request;
    }

    asio::io_context context_;
    ipc::Caller caller_ = test::guest();
    std::unique_ptr<test::FakePortald> portald_;
    std::unique_ptr<Application> application_;
};

TEST_F(OpenAheadTest, WhoIsSignedInIsSentToTheSiteItself) {
    const http::Response response = answer(get("/news?q=1&r=a%20b"), 5s);
    EXPECT_EQ(response.result_int(), 307u);
    EXPECT_EQ(response[http::Field::location], "http://example.org:8080/news?q=1&r=a%20b");
    EXPECT_EQ(response[http::Field::cache_control], "no-store");
    EXPECT_FALSE(response.keep_alive());
    EXPECT_EQ(response.body(), "");
}

TEST_F(OpenAheadTest, AStrangerIsStillOne) {
    caller_ = test::stranger();
    EXPECT_EQ(answer(get("/news"), 5s).result_int(), 511u);
}

// A new connection that gets here is the gate's word: were it sent back, it might come for ever.
TEST_F(OpenAheadTest, ANewConnectionIsAnswered) {
    EXPECT_EQ(answer(get("/news"), 0s).result_int(), 511u);
    EXPECT_EQ(portald_->requests().size(), 0u);
}

TEST_F(OpenAheadTest, WhatHasNoUrlIsAnswered) {
    http::Request options(http::Method::options, "*", 11);
    options.set(http::Field::host, "example.org");
    EXPECT_EQ(answer(options, 5s).result_int(), 511u);
    EXPECT_EQ(answer(get("/\xc3\xa9"), 5s).result_int(), 511u);
}

}  // namespace
}  // namespace portal::responder
