// Who is let in when there are more connections than places.
#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "http/server.h"
#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"

namespace portal::http {
namespace {

namespace asio = boost::asio;
using boost::beast::http::status;
using test::parse_response;
using test::RawClient;

// No deadline makes room in these tests.
constexpr std::chrono::seconds kNever{3600};

constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kLast = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

// Answers at once, but /slow when it is told to.
class Gatekeeper : public Handler {
  public:
    explicit Gatekeeper(asio::io_context& context)
        : told_(context, asio::steady_timer::time_point::max()) {}

    bool wants_body(const Request&, const Peer&) override { return true; }
    asio::awaitable<Answer> handle(const Request& request, const Peer&) override {
        if (request.target() == "/slow") {
            asked.set_value();
            co_await told_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        Response response(status::ok, 11);
        response.body() = std::string(request.target());
        co_return response;
    }
    Response malformed(status code, std::string_view) override { return {code, 11}; }

    void answer_slow() {
        asio::post(told_.get_executor(), [this] { told_.cancel(); });
    }
    std::promise<void> asked;

  private:
    asio::steady_timer told_;
};

class AdmissionTest : public testing::Test {
  protected:
    void start(const Limits& limits) {
        UniqueFd listener = test::listen_on_loopback();
        port_ = test::port_of(listener.get());
        serving_ = serve(context_.get(), std::move(listener), handler_, limits);
        context_.start();
    }
    RawClient connect() const { return RawClient::to_loopback(port_); }
    // Connected, and known to be accepted.
    RawClient known() const {
        RawClient client = connect();
        client.send(kRequest);
        EXPECT_EQ(parse_response(client.read_response()).body, "/");
        return client;
    }
    static bool readable(const RawClient& client) {
        pollfd wanted{.fd = client.fd(), .events = POLLIN, .revents = 0};
        return poll(&wanted, 1, 100) > 0;
    }

    test::RunningContext context_;
    std::shared_ptr<Gatekeeper> handler_ = std::make_shared<Gatekeeper>(context_.get());
    std::shared_ptr<Serving> serving_;
    std::uint16_t port_ = 0;
};

TEST_F(AdmissionTest, WhoHasWaitedLongestMakesRoom) {
    start({.connections = 3, .request_deadline = kNever});
    RawClient first = known(), second = known(), third = known();
    second.send("GET / HTTP/1.1\r\nX: ");  // never finished: no more than silence
    RawClient fourth = known();
    EXPECT_EQ(first.read_to_end(), "");
    third.send(kRequest);
    EXPECT_EQ(parse_response(third.read_response()).body, "/");
    RawClient fifth = known();
    EXPECT_EQ(second.read_to_end(), "");
    for (RawClient* left : {&third, &fourth, &fifth}) {
        left->send(kLast);
        EXPECT_EQ(parse_response(left->read_to_end()).body, "/");
    }
}

TEST_F(AdmissionTest, AFewBytesNowAndThenAreNoRequest) {
    start({.connections = 2, .request_deadline = kNever});
    RawClient slow = known(), other = known();
    for (const char byte : std::string_view("GET / HT")) {
        slow.send({&byte, 1});
        other.send(kRequest);
        EXPECT_EQ(parse_response(other.read_response()).body, "/");
    }
    known();
    EXPECT_EQ(slow.read_to_end(), "");
}

TEST_F(AdmissionTest, WhoDoesNotCloseMakesRoomToo) {
    start({.connections = 1, .request_deadline = kNever, .linger = kNever});
    RawClient answered = connect();
    answered.send(kLast);
    EXPECT_EQ(parse_response(answered.read_to_end()).body, "/");
    known();
}

TEST_F(AdmissionTest, WhoIsToBeAnsweredStays) {
    start({.connections = 1, .request_deadline = kNever});
    RawClient first = connect();
    first.send("GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    handler_->asked.get_future().wait();
    RawClient second = connect();
    second.send(kLast);
    EXPECT_FALSE(readable(second)) << "served beyond the limit";
    handler_->answer_slow();
    EXPECT_EQ(parse_response(first.read_to_end()).body, "/slow");
    EXPECT_EQ(parse_response(second.read_to_end()).body, "/");
}

TEST_F(AdmissionTest, FinishingIsOverWithTheLastAnswer) {
    start({});
    RawClient busy = connect();
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    handler_->asked.get_future().wait();
    RawClient idle = known();
    auto finished = asio::co_spawn(context_.get(), serving_->finish(), asio::use_future);
    idle.send(kRequest);
    EXPECT_EQ(parse_response(idle.read_to_end()).field("connection"), "close");
    EXPECT_EQ(finished.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    handler_->answer_slow();
    EXPECT_EQ(parse_response(busy.read_to_end()).body, "/slow");
    finished.get();
}

}  // namespace
}  // namespace portal::http
