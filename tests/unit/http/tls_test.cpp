// The server within TLS: what it agrees to, and that HTTP is the same there.
#include "http/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "certificates/issue.h"
#include "http/server.h"
#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"
#include "unit/http/tls_client.h"

namespace portal::http {
namespace {

namespace asio = boost::asio;
using boost::beast::http::status;
using test::parse_response;
using test::RawClient;
using test::RawResponse;
using test::TlsClient;
using test::TlsWish;
using testing::HasSubstr;
using testing::StartsWith;

class Echo : public Handler {
  public:
    bool wants_body(const Request& head, const Peer&) override { return head.target() != "/no"; }
    asio::awaitable<Answer> handle(const Request& request, const Peer& peer) override {
        Response response(status::ok, 11);
        response.body() = std::string(request.target()) + " [" + request.body() + "]" +
                          (peer.secure ? " secure" : "");
        co_return response;
    }
    Response malformed(status code, std::string_view why) override {
        Response response(code, 11);
        response.body() = std::string(why);
        return response;
    }
};

class TlsTest : public testing::Test {
  protected:
    void start(const Limits& limits = {}, const test::Wish& wish = {}) {
        const test::Issued issued = authority_.issue(wish);
        const auto certificate = Certificate::parse(issued.certificate);
        const auto key = PrivateKey::parse(issued.key);
        const auto tls = make_tls_context(*certificate, *key);
        ASSERT_TRUE(tls) << tls.error().what;
        UniqueFd listener = test::listen_on_loopback();
        port_ = test::port_of(listener.get());
        serve(context_.get(), std::move(listener), std::make_shared<Echo>(), limits, *tls);
        context_.start();
    }
    RawClient connect() const { return RawClient::to_loopback(port_); }
    TlsClient shake_hands(const TlsWish& wish = {}) const { return {connect(), wish}; }
    std::string talk(std::string_view bytes) const {
        TlsClient client = shake_hands();
        EXPECT_TRUE(client.connected()) << client.error();
        client.send(bytes);
        std::string got = client.read_to_end();
        EXPECT_TRUE(client.closed_properly());
        return got;
    }
    void expect_served() const {
        EXPECT_EQ(
            parse_response(talk("GET /on HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).body,
            "/on [] secure");
    }

    const test::Authority authority_;
    test::RunningContext context_;
    std::uint16_t port_ = 0;
};

TEST_F(TlsTest, ServesBothVersions) {
    start();
    for (const auto& [version, name] :
         {std::pair(TLS1_2_VERSION, "TLSv1.2"), std::pair(TLS1_3_VERSION, "TLSv1.3")}) {
        TlsClient client = shake_hands({.authority = authority_.certificate(),
                                        .least_version = version,
                                        .most_version = version});
        ASSERT_TRUE(client.connected()) << client.error();
        EXPECT_EQ(client.version(), name);
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        EXPECT_EQ(parse_response(client.read_to_end()).body, "/ [] secure");
        EXPECT_TRUE(client.closed_properly());
        EXPECT_FALSE(client.reset());
    }
}

TEST_F(TlsTest, IsVerifiedByName) {
    start();
    EXPECT_TRUE(shake_hands({.authority = authority_.certificate()}).connected());
    EXPECT_THAT(
        shake_hands({.authority = authority_.certificate(), .name = "other.example"}).error(),
        HasSubstr("verify failed"));
    const test::Authority stranger("Another");
    EXPECT_THAT(shake_hands({.authority = stranger.certificate()}).error(),
                HasSubstr("verify failed"));
}

TEST_F(TlsTest, SendsItsChain) {
    const auto intermediate = authority_.intermediate("Intermediate");
    const test::Issued issued = intermediate->issue();
    const auto tls =
        make_tls_context(*Certificate::parse(issued.certificate + intermediate->certificate()),
                         *PrivateKey::parse(issued.key));
    UniqueFd listener = test::listen_on_loopback();
    port_ = test::port_of(listener.get());
    serve(context_.get(), std::move(listener), std::make_shared<Echo>(), {}, *tls);
    context_.start();
    const TlsClient client = shake_hands({.authority = authority_.certificate()});
    EXPECT_TRUE(client.connected()) << client.error();
}

TEST_F(TlsTest, OldVersionsAreRefused) {
    start();
    EXPECT_FALSE(shake_hands({.most_version = TLS1_1_VERSION}).connected());
    expect_served();
}

TEST_F(TlsTest, WeakCiphersAreRefused) {
    start({}, {.rsa = true});
    const auto offers = [&](const char* ciphers) {
        return shake_hands({.most_version = TLS1_2_VERSION, .ciphers = ciphers}).connected();
    };
    EXPECT_TRUE(offers("ECDHE-RSA-AES256-GCM-SHA384"));
    EXPECT_TRUE(offers("ECDHE-RSA-CHACHA20-POLY1305"));
    EXPECT_FALSE(offers("AES128-GCM-SHA256")) << "without forward secrecy";
    EXPECT_FALSE(offers("ECDHE-RSA-AES128-SHA256")) << "CBC";
    EXPECT_FALSE(offers("DHE-RSA-AES256-GCM-SHA384"));
    EXPECT_FALSE(offers("ECDHE-RSA-NULL-SHA"));
    EXPECT_FALSE(offers("AECDH-AES256-SHA")) << "nobody's";
}

TEST_F(TlsTest, AgreesOnHttp11) {
    start();
    EXPECT_EQ(shake_hands().protocol(), "");
    EXPECT_EQ(shake_hands({.protocols = "\x02h2\x08http/1.1"}).protocol(), "http/1.1");
    EXPECT_THAT(shake_hands({.protocols = "\x02h2"}).error(), HasSubstr("application protocol"));
}

TEST_F(TlsTest, DoesNotRenegotiate) {
    start();
    TlsClient client = shake_hands({.most_version = TLS1_2_VERSION});
    ASSERT_TRUE(client.connected()) << client.error();
    EXPECT_FALSE(client.renegotiates());
    expect_served();
}

TEST_F(TlsTest, KeepsAlive) {
    start();
    EXPECT_THAT(talk("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                     "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n"
                     "\r\nab"),
                testing::AllOf(HasSubstr("/1 [] secure"), HasSubstr("/2 [ab] secure")));
}

TEST_F(TlsTest, WhatIsNoRequestIsRefusedAsWithout) {
    start();
    const auto status_of = [&](const std::string& bytes) {
        return parse_response(talk(bytes)).status();
    };
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'a') + "\r\n\r\n"),
              431);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(131072, 'a') + "\r\n\r\n"),
              431)
        << "more than one record";
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\nx"), 413);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n"),
              413);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nx"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /\r\n"), 400);
    EXPECT_EQ(talk("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "");
}

TEST_F(TlsTest, AnAnswerToAnUploadOutlivesIt) {
    start();
    TlsClient client = shake_hands();
    client.send("POST /no HTTP/1.1\r\nHost: a\r\nContent-Length: 131072\r\n\r\n");
    client.send(std::string(131072, 'u'));
    EXPECT_EQ(parse_response(client.read_to_end()).body, "/no [] secure");
    EXPECT_FALSE(client.reset());
}

TEST_F(TlsTest, PlainHttpIsMetWithSilence) {
    start();
    for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                                     std::string(20000, 'x'), std::string("\x15\x03\x01", 3)}) {
        RawClient client = connect();
        client.send(bytes);
        EXPECT_EQ(client.read_to_end(), "");
        EXPECT_FALSE(client.reset());
    }
    expect_served();
}

TEST_F(TlsTest, WhatIsNoHandshakeEndsTheConnection) {
    start();
    for (const std::string& bytes :
         {std::string("\x16\x03\x01\x00\x04nope", 9), std::string("\x16GET / HTTP/1.1\r\n\r\n"),
          "\x16\x03\x01\x40\x00" + std::string(16384, '\x01')}) {
        RawClient client = connect();
        client.send(bytes);
        EXPECT_THAT(client.read_to_end(), testing::SizeIs(testing::Le(7u))) << "an alert at most";
    }
    expect_served();
}

TEST_F(TlsTest, AHandshakeHasTheRequestsDeadline) {
    start({.request_deadline = std::chrono::seconds(1)});
    RawClient silent = connect();
    RawClient half = connect();
    half.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
    EXPECT_EQ(silent.read_to_end(), "");
    EXPECT_EQ(half.read_to_end(), "");
    // Nothing after it, either.
    TlsClient idle = shake_hands();
    ASSERT_TRUE(idle.connected());
    EXPECT_EQ(idle.read_to_end(), "");
}

}  // namespace
}  // namespace portal::http
