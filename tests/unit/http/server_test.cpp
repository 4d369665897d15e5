// The server against raw sockets.
#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"

namespace portal::http {
namespace {

namespace asio = boost::asio;
using boost::beast::http::status;
using test::parse_response;
using test::RawClient;
using test::RawResponse;
using testing::HasSubstr;
using testing::StartsWith;

// Says back what it was asked; some targets do more.
class Echo : public Handler {
  public:
    bool wants_body(const Request& head, const Peer&) override {
        ++wants_body_calls;
        return head.target() != "/unwanted";
    }
    asio::awaitable<Answer> handle(const Request& request, const Peer& peer) override {
        ++handled;
        if (request.target() == "/throw") throw std::runtime_error("as asked");
        if (request.target() == "/stream") co_return stream();
        Response response(status::ok, 11);
        response.set(Field::content_type, "text/plain");
        response.body() = std::string(request.method_string()) + " " +
                          std::string(request.target()) + " [" + request.body() + "]";
        if (peer.uid) response.set("X-Uid", std::to_string(*peer.uid));
        if (peer.remote) response.set("X-Remote", peer.remote->address().to_string());
        if (request.target() == "/close") response.keep_alive(false);
        co_return response;
    }
    Response malformed(status code, std::string_view why) override {
        Response response(code, 11);
        response.body() = "malformed: " + std::string(why);
        return response;
    }

    std::atomic<int> handled = 0;
    std::atomic<int> wants_body_calls = 0;

  private:
    static Stream stream() {
        Response head(status::ok, 11);
        head.set(Field::content_type, "text/event-stream");
        auto left = std::make_shared<int>(3);
        return {std::move(head), [left]() -> asio::awaitable<std::optional<std::string>> {
                    if (*left == 0) co_return std::nullopt;
                    co_return "data: " + std::to_string((*left)--) + "\n\n";
                }};
    }
};

class ServerTest : public testing::Test {
  protected:
    // Before the first client.
    void start(const Limits& limits = {}, int family = AF_INET) {
        UniqueFd listener = test::listen_on_loopback(family);
        port_ = test::port_of(listener.get());
        serve(context_.get(), std::move(listener), echo_, limits);
        context_.start();
    }
    RawClient connect() const { return RawClient::to_loopback(port_); }
    // Sends all of `bytes`, and reads until the server closes.
    std::string talk(std::string_view bytes) const {
        RawClient client = connect();
        client.send(bytes);
        return client.read_to_end();
    }

    std::shared_ptr<Echo> echo_ = std::make_shared<Echo>();
    test::RunningContext context_;
    std::uint16_t port_ = 0;
};

TEST_F(ServerTest, AnswersAndKeepsAlive) {
    start();
    RawClient client = connect();
    client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    const RawResponse one = parse_response(client.read_response());
    EXPECT_EQ(one.status_line, "HTTP/1.1 200 OK");
    EXPECT_EQ(one.body, "GET /one []");
    EXPECT_EQ(one.field("content-length"), std::to_string(one.body.size()));
    EXPECT_THAT(one.field("date"), HasSubstr("GMT"));
    client.send("POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(parse_response(client.read_response()).body, "POST /two [body]");
    client.send("GET /three HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const RawResponse three = parse_response(client.read_to_end());
    EXPECT_EQ(three.body, "GET /three []");
    EXPECT_EQ(three.field("connection"), "close");
    EXPECT_FALSE(client.reset());
}

TEST_F(ServerTest, AsksAboutABodyOnlyIfThereIsOne) {
    start();
    talk("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(echo_->wants_body_calls, 0);
    talk("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
    EXPECT_EQ(echo_->wants_body_calls, 1);
}

TEST_F(ServerTest, ReadsChunkedBodies) {
    start();
    const std::string got = talk(
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
        "\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_EQ(parse_response(got).body, "POST /c [abcde]");
}

TEST_F(ServerTest, ServesIPv6) {
    start({}, AF_INET6);
    RawClient client = RawClient::to_loopback(port_, AF_INET6);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(parse_response(client.read_to_end()).field("x-remote"), "::1");
}

TEST_F(ServerTest, ServesUnixSocketsAndKnowsTheUser) {
    char directory[] = "/tmp/portal-http-XXXXXX";
    ASSERT_NE(mkdtemp(directory), nullptr);
    const std::string path = std::string(directory) + "/s";
    serve(context_.get(), test::listen_on_unix(path), echo_, {});
    context_.start();
    RawClient client = RawClient::to_unix(path);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(parse_response(client.read_to_end()).field("x-uid"), std::to_string(getuid()));
    std::filesystem::remove_all(directory);
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
    start();
    const RawResponse response =
        parse_response(talk("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    EXPECT_EQ(response.field("content-length"), std::to_string(std::string("HEAD / []").size()));
    EXPECT_EQ(response.body, "");
}

TEST_F(ServerTest, AnswersHttp10WithALengthAndCloses) {
    start();
    const RawResponse response = parse_response(talk("GET /old HTTP/1.0\r\n\r\n"));
    EXPECT_EQ(response.status_line, "HTTP/1.1 200 OK");
    EXPECT_EQ(response.body, "GET /old []");
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(response.count("transfer-encoding"), 0u);
    EXPECT_EQ(response.field("content-length"), std::to_string(response.body.size()));
}

TEST_F(ServerTest, NothingIsProcessedAfterAClose) {
    start();
    const std::string got =
        talk("GET /close HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(parse_response(got).body, "GET /close []");
    EXPECT_EQ(echo_->handled, 1);
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
    start();
    const std::string got = talk(
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
        "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_LT(got.find("GET /1 []"), got.find("GET /2 []"));
    EXPECT_NE(got.find("GET /2 []"), std::string::npos);
}

TEST_F(ServerTest, SkipsAnEmptyLineBeforeTheRequest) {
    start();
    EXPECT_EQ(
        parse_response(talk("\r\nGET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).body,
        "GET /x []");
}

struct Malformed {
    const char* name;
    std::string bytes;
    int status;
};

class MalformedTest : public ServerTest, public testing::WithParamInterface<Malformed> {};

TEST_P(MalformedTest, IsRefusedThroughTheHandler) {
    start();
    const RawResponse response = parse_response(talk(GetParam().bytes));
    EXPECT_EQ(response.status(), GetParam().status);
    EXPECT_THAT(response.body, StartsWith("malformed: "));
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(echo_->handled, 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedTest,
    testing::Values(
        Malformed{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        Malformed{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
        Malformed{"TwoHostsInHttp10", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        Malformed{"BadHost", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
        Malformed{"Http09", "GET /\r\n", 400}, Malformed{"NoLine", "\x01\x02", 400},
        Malformed{"Http12", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        Malformed{"SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Malformed{"BadField", "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400},
        Malformed{"SpaceBeforeColon", "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400},
        Malformed{"LongLine", "GET /" + std::string(9000, 'a'), 431},
        Malformed{"LongHeader",
                  "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'a') + "\r\n\r\n", 431},
        Malformed{"LengthIsNoNumber", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                  400},
        Malformed{"TwoLengths",
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                  400},
        Malformed{"LengthAndChunked",
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                  400},
        Malformed{"UnknownCoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nx",
                  400},
        Malformed{"ChunkedInHttp10",
                  "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        Malformed{"BadChunk",
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        Malformed{"LargeBody", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\nx", 413},
        Malformed{"LargeChunk",
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n", 413}),
    [](const auto& param) { return std::string(param.param.name); });

class ForeignTest : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_P(ForeignTest, IsMetWithSilence) {
    start();
    EXPECT_EQ(talk(GetParam()), "");
    EXPECT_EQ(echo_->handled, 0);
}

INSTANTIATE_TEST_SUITE_P(All, ForeignTest,
                         testing::Values("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                                         std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03",
                                                     10),
                                         "GET / HTTP/2.0\r\nHost: a\r\n\r\n"));

TEST_F(ServerTest, SaysContinueOnlyForABodyThatIsWanted) {
    start();
    RawClient wanted = connect();
    wanted.send(
        "POST /w HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
        "Connection: close\r\n\r\n");
    EXPECT_EQ(wanted.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
    wanted.send("ab");
    EXPECT_EQ(parse_response(wanted.read_to_end()).body, "POST /w [ab]");

    RawClient unwanted = connect();
    unwanted.send(
        "POST /unwanted HTTP/1.1\r\nHost: a\r\nContent-Length: 20971520\r\n"
        "Expect: 100-continue\r\n\r\n");
    const RawResponse response = parse_response(unwanted.read_to_end());
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.body, "POST /unwanted []");
    EXPECT_EQ(response.field("connection"), "close");
}

TEST_F(ServerTest, AnAnswerToAnUploadOutlivesIt) {
    start();
    RawClient client = connect();
    client.send("POST /unwanted HTTP/1.1\r\nHost: a\r\nContent-Length: 131072\r\n\r\n");
    client.send(std::string(131072, 'u'));
    client.shutdown_send();
    EXPECT_EQ(parse_response(client.read_to_end()).body, "POST /unwanted []");
    EXPECT_FALSE(client.reset());
}

TEST_F(ServerTest, ARefusalOfALargeHeaderOutlivesIt) {
    start();
    RawClient client = connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(131072, 'a') + "\r\n\r\n");
    EXPECT_EQ(parse_response(client.read_to_end()).status(), 431);
    EXPECT_FALSE(client.reset());
}

TEST_F(ServerTest, AHandlerThatThrowsIsAnsweredWith500) {
    start();
    const RawResponse response = parse_response(talk("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(response.status(), 500);
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(parse_response(talk("GET /on HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).body,
              "GET /on []");
}

TEST_F(ServerTest, StreamsWithoutALength) {
    start();
    const RawResponse response = parse_response(talk("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(response.count("content-length"), 0u);
    EXPECT_EQ(response.count("transfer-encoding"), 0u);
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(response.body, "data: 3\n\ndata: 2\n\ndata: 1\n\n");
}

TEST_F(ServerTest, AStreamsHeadIsAllThatHeadGets) {
    start();
    const RawResponse response = parse_response(talk("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(response.field("content-type"), "text/event-stream");
    EXPECT_EQ(response.body, "");
}

// Waits for the server to close, sending one more byte whenever it has not.
void trickle(const RawClient& client, int most) {
    for (int i = 0; i < most; ++i) {
        pollfd readable{.fd = client.fd(), .events = POLLIN, .revents = 0};
        if (poll(&readable, 1, 50) > 0) return;
        ::send(client.fd(), "a", 1, MSG_NOSIGNAL);
    }
    FAIL() << "the server waits for ever";
}

TEST_F(ServerTest, ASlowClientIsClosed) {
    start({.request_deadline = std::chrono::seconds(1)});
    RawClient client = connect();
    client.send("GET / HTTP/1.1\r\nX: ");
    trickle(client, 400);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ServerTest, ASlowBodyIsClosed) {
    start({.request_deadline = std::chrono::seconds(1)});
    RawClient client = connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
    trickle(client, 400);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ServerTest, AnIdleConnectionIsClosed) {
    start({.request_deadline = std::chrono::seconds(1)});
    RawClient client = connect();
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ServerTest, APeersConnectionsAreCounted) {
    start({.connections_per_peer = 2});
    RawClient one = connect();
    one.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    one.read_response();
    RawClient two = connect();
    two.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    two.read_response();
    RawClient three = connect();
    EXPECT_EQ(three.read_to_end(), "");
    one.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(parse_response(one.read_response()).body, "GET /1 []");
}

TEST_F(ServerTest, EndsWithItsContext) {
    start();
    RawClient client = connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    client.read_response();
    context_.stop();
}

}  // namespace
}  // namespace portal::http
