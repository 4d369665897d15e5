#include "responder/portald_client.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "unit/responder/fake_portald.h"

namespace portal::responder {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> ask(std::shared_ptr<PortaldClient> client, std::string user,
                          std::optional<Result<ipc::Reply>>& answer) {
    Question question = ipc::SignIn{.flow = {},
                                    .client = {.mac = {{2, 0, 0, 0, 0, 1}}},
                                    .method = "password",
                                    .user = user,
                                    .password = {}};
    answer = co_await client->ask(std::move(question));
}

asio::awaitable<void> run(std::shared_ptr<PortaldClient> client, std::optional<Error>& end) {
    end = co_await client->run();
}

class PortaldClientTest : public testing::Test {
  protected:
    void SetUp() override {
        auto pair = ipc::make_channel_pair();
        ASSERT_TRUE(pair);
        portald_ = std::move(pair->first);
        client_ = std::make_shared<PortaldClient>(
            context_.get_executor(), ipc::Channel(context_.get_executor(), std::move(pair->second)),
            std::chrono::seconds(10));
        asio::co_spawn(context_, run(client_, end_), asio::detached);
    }
    void ask_for(const std::string& user, std::optional<Result<ipc::Reply>>& answer) {
        asio::co_spawn(context_, ask(client_, user, answer), asio::detached);
        context_.restart();
        context_.poll();
    }
    ipc::Request next_request() {
        const auto received = ipc::receive_with_descriptors(portald_.get(), 0);
        EXPECT_TRUE(received);
        return *ipc::decode_request(received->text);
    }
    void send(std::string_view text) {
        ASSERT_TRUE(ipc::send_with_descriptors(portald_.get(), text, {}));
        context_.poll();
    }
    void reply(std::uint64_t id, const std::string& user) {
        ipc::Reply reply;
        reply.id = id;
        reply.caller.user = user;
        send(ipc::encode(reply));
    }

    asio::io_context context_;
    UniqueFd portald_;
    std::shared_ptr<PortaldClient> client_;
    std::optional<Error> end_;
};

TEST_F(PortaldClientTest, MatchesRepliesThatComeInAnotherOrder) {
    std::optional<Result<ipc::Reply>> ada;
    std::optional<Result<ipc::Reply>> bob;
    ask_for("ada", ada);
    ask_for("bob", bob);
    const ipc::Request first = next_request();
    const ipc::Request second = next_request();
    EXPECT_EQ(std::get<ipc::SignIn>(first.body).user, "ada");
    reply(second.id, "bob");
    EXPECT_FALSE(ada);
    ASSERT_TRUE(bob);
    EXPECT_EQ((*bob)->caller.user, "bob");
    reply(first.id, "ada");
    ASSERT_TRUE(ada);
    EXPECT_EQ((*ada)->caller.user, "ada");
}

TEST_F(PortaldClientTest, PassesOverRepliesThatNobodyWaitsFor) {
    std::optional<Result<ipc::Reply>> ada;
    ask_for("ada", ada);
    const ipc::Request request = next_request();
    reply(request.id + 1, "nobody");
    EXPECT_FALSE(ada);
    EXPECT_FALSE(end_);
    reply(request.id, "ada");
    EXPECT_TRUE(ada);
}

TEST_F(PortaldClientTest, WhatIsNoReplyEndsIt) {
    std::optional<Result<ipc::Reply>> ada;
    ask_for("ada", ada);
    send("{\"id\":1}");
    ASSERT_TRUE(end_);
    EXPECT_EQ(end_->code, ErrorCode::invalid);
    ASSERT_TRUE(ada);
    EXPECT_EQ(ada->error().code, ErrorCode::unavailable);
}

TEST_F(PortaldClientTest, PortaldsEndIsItsEnd) {
    std::optional<Result<ipc::Reply>> before;
    ask_for("ada", before);
    portald_.reset();
    context_.poll();
    ASSERT_TRUE(end_);
    EXPECT_EQ(end_->code, ErrorCode::unavailable);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->error().code, ErrorCode::unavailable);
    std::optional<Result<ipc::Reply>> after;
    ask_for("ada", after);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->error().code, ErrorCode::unavailable);
}

TEST_F(PortaldClientTest, WhatPortaldWouldNotReadIsNotSent) {
    std::optional<Result<ipc::Reply>> answer;
    ask_for(std::string(65, 'a'), answer);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error().code, ErrorCode::invalid);
    std::optional<Result<ipc::Reply>> next;
    ask_for("ada", next);
    EXPECT_EQ(std::get<ipc::SignIn>(next_request().body).user, "ada");
}

TEST_F(PortaldClientTest, ManyQuestionsWaitForAPortaldThatReadsSlowly) {
    constexpr int count = 1000;
    std::vector<std::optional<Result<ipc::Reply>>> answers(count);
    for (int i = 0; i < count; ++i)
        ask_for(std::to_string(i), answers[static_cast<std::size_t>(i)]);
    for (int i = 0; i < count; ++i) {
        context_.poll();
        const ipc::Request request = next_request();
        reply(request.id, std::get<ipc::SignIn>(request.body).user);
    }
    for (int i = 0; i < count; ++i) {
        const auto& answer = answers[static_cast<std::size_t>(i)];
        ASSERT_TRUE(answer && *answer);
        EXPECT_EQ((*answer)->caller.user, std::to_string(i));
    }
}

}  // namespace
}  // namespace portal::responder
