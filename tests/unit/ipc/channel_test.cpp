#include "ipc/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "ipc/protocol.h"

namespace portal::ipc {
namespace {

namespace asio = boost::asio;

class ChannelTest : public testing::Test {
  protected:
    void SetUp() override {
        auto pair = make_channel_pair();
        ASSERT_TRUE(pair);
        ours_ = std::move(pair->first);
        theirs_ = std::move(pair->second);
    }

    UniqueFd ours_;
    UniqueFd theirs_;
};

TEST_F(ChannelTest, EndsAreNotInherited) {
    EXPECT_NE(fcntl(ours_.get(), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_NE(fcntl(theirs_.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(ChannelTest, DescriptorsTravelWithAMessage) {
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    UniqueFd reader(pipe_ends[0]);
    UniqueFd writer(pipe_ends[1]);
    ASSERT_TRUE(send_with_descriptors(ours_.get(), "two", pipe_ends));
    auto received = receive_with_descriptors(theirs_.get(), 2);
    ASSERT_TRUE(received) << received.error().what;
    EXPECT_EQ(received->text, "two");
    ASSERT_EQ(received->descriptors.size(), 2u);
    EXPECT_NE(fcntl(received->descriptors[0].get(), F_GETFD) & FD_CLOEXEC, 0);
    ASSERT_EQ(write(received->descriptors[1].get(), "x", 1), 1);
    char byte = 0;
    ASSERT_EQ(read(reader.get(), &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
}

// How many descriptors this process holds.
int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

TEST_F(ChannelTest, DescriptorsNobodyAskedForAreClosed) {
    const int before = open_descriptors();
    const std::array<int, 1> gift{0};
    ASSERT_TRUE(send_with_descriptors(ours_.get(), "gift", gift));
    const auto received = receive_with_descriptors(theirs_.get(), 0);
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().code, ErrorCode::invalid);
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ChannelTest, TooManyDescriptorsAreRefusedByBothSides) {
    const std::array<int, kMostDescriptors + 1> many{};
    EXPECT_FALSE(send_with_descriptors(ours_.get(), "many", many));

    // A peer that does not keep the rules.
    char byte = 'm';
    iovec data{.iov_base = &byte, .iov_len = 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof many)> control{};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof many);
    std::copy(many.begin(), many.end(), reinterpret_cast<int*>(CMSG_DATA(part)));
    const int before = open_descriptors();
    ASSERT_EQ(sendmsg(ours_.get(), &header, 0), 1);
    EXPECT_FALSE(receive_with_descriptors(theirs_.get(), kMostDescriptors));
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ChannelTest, TheLargestMessagePassesAndALargerDoesNot) {
    const std::string largest(kLargestMessage, 'x');
    ASSERT_TRUE(send_with_descriptors(ours_.get(), largest, {}));
    EXPECT_EQ(receive_with_descriptors(theirs_.get(), 0)->text, largest);
    EXPECT_FALSE(send_with_descriptors(ours_.get(), largest + "x", {}));

    const std::string larger(kLargestMessage + 1, 'x');
    ASSERT_GT(::send(ours_.get(), larger.data(), larger.size(), 0), 0);
    const auto received = receive_with_descriptors(theirs_.get(), 0);
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().code, ErrorCode::invalid);
}

TEST_F(ChannelTest, AConfigurationMayBeLarger) {
    const std::string largest(kLargestConfiguration, 'x');
    ASSERT_TRUE(send_with_descriptors(ours_.get(), largest, {}, kLargestConfiguration));
    EXPECT_EQ(receive_with_descriptors(theirs_.get(), 0, kLargestConfiguration)->text, largest);
    EXPECT_FALSE(send_with_descriptors(ours_.get(), largest + "x", {}, kLargestConfiguration));

    ASSERT_TRUE(send_with_descriptors(ours_.get(), largest, {}, kLargestConfiguration));
    EXPECT_EQ(receive_with_descriptors(theirs_.get(), 0).error().code, ErrorCode::invalid);
}

TEST_F(ChannelTest, TheEndIsTold) {
    ours_.reset();
    EXPECT_EQ(receive_with_descriptors(theirs_.get(), 0).error().code, ErrorCode::unavailable);
    EXPECT_EQ(send_with_descriptors(theirs_.get(), "x", {}).error().code, ErrorCode::unavailable);
}

asio::awaitable<void> send_all(Channel& channel, int count, int& sent) {
    for (int i = 0; i < count; ++i) {
        const Status status = co_await channel.send(std::to_string(i) + std::string(8000, '.'));
        if (!status) co_return;
        ++sent;
    }
}

asio::awaitable<void> receive_all(Channel& channel, int count, int& received) {
    for (int i = 0; i < count; ++i) {
        const Result<std::string> text = co_await channel.receive();
        if (!text || std::stoi(*text) != i) co_return;
        ++received;
    }
}

TEST_F(ChannelTest, ASenderWaitsForASlowReader) {
    constexpr int count = 2000;  // far more than the socket's queue holds
    asio::io_context context;
    Channel sender(context.get_executor(), std::move(ours_));
    Channel receiver(context.get_executor(), std::move(theirs_));
    int sent = 0;
    int received = 0;
    asio::co_spawn(context, send_all(sender, count, sent), asio::detached);
    context.poll();
    EXPECT_GT(sent, 0);
    EXPECT_LT(sent, count);
    asio::co_spawn(context, receive_all(receiver, count, received), asio::detached);
    context.run();
    EXPECT_EQ(sent, count);
    EXPECT_EQ(received, count);
}

asio::awaitable<void> receive_one(Channel& channel, std::optional<Result<std::string>>& result) {
    result = co_await channel.receive();
}

TEST_F(ChannelTest, ReceivingEndsWithThePeer) {
    asio::io_context context;
    Channel receiver(context.get_executor(), std::move(theirs_));
    std::optional<Result<std::string>> result;
    asio::co_spawn(context, receive_one(receiver, result), asio::detached);
    context.poll();
    EXPECT_FALSE(result);
    ours_.reset();
    context.restart();
    context.run();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->error().code, ErrorCode::unavailable);
}

TEST_F(ChannelTest, ReceivingEndsWithTheChannel) {
    asio::io_context context;
    std::optional<Channel> receiver(std::in_place, context.get_executor(), std::move(theirs_));
    std::optional<Result<std::string>> result;
    asio::co_spawn(context, receive_one(*receiver, result), asio::detached);
    context.poll();
    receiver.reset();
    context.restart();
    context.run();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->error().code, ErrorCode::unavailable);
}

TEST_F(ChannelTest, ARefusedPacketIsNotTheEnd) {
    asio::io_context context;
    Channel receiver(context.get_executor(), std::move(theirs_));
    const std::array<int, 1> gift{0};
    ASSERT_TRUE(send_with_descriptors(ours_.get(), "gift", gift));
    ASSERT_TRUE(send_with_descriptors(ours_.get(), "plain", {}));
    std::optional<Result<std::string>> first;
    std::optional<Result<std::string>> second;
    asio::co_spawn(context, receive_one(receiver, first), asio::detached);
    context.run();
    context.restart();
    asio::co_spawn(context, receive_one(receiver, second), asio::detached);
    context.run();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->error().code, ErrorCode::invalid);
    EXPECT_EQ(*second, "plain");
}

}  // namespace
}  // namespace portal::ipc
