// What every kind of client gets on somebody else's name, over a real connection.
#include <gmock/gmock.h>

#include "unit/responder/running_responder.h"

namespace portal::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

using Interception = RunningResponder;

constexpr std::string_view kLoginUrl = "http://portal.example.net/";

// Holds of every interception answer.
void expect_511(const RawResponse& response) {
    EXPECT_EQ(response.status_line, "HTTP/1.1 511 Network Authentication Required");
    EXPECT_EQ(response.field("cache-control"), "no-store");
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(response.field("x-content-type-options"), "nosniff");
    EXPECT_EQ(response.field("referrer-policy"), "no-referrer");
    EXPECT_EQ(response.count("content-security-policy"), 1u);
    EXPECT_EQ(response.count("content-length"), 1u);
    EXPECT_EQ(response.count("transfer-encoding"), 0u);
    for (const auto& [name, value] : response.fields) {
        EXPECT_THAT(name, Not(StartsWith("access-control-")));
        EXPECT_THAT(name, Not(StartsWith("x-networkmanager")));
    }
    for (const char* name : {"set-cookie", "location", "www-authenticate", "etag", "expires",
                             "last-modified", "strict-transport-security", "upgrade", "server"})
        EXPECT_EQ(response.count(name), 0u) << name;
}

class AnyRequest : public RunningResponder, public testing::WithParamInterface<const char*> {};

TEST_P(AnyRequest, GetsA511WithALink) {
    start();
    const RawResponse response = ask(GetParam());
    expect_511(response);
    EXPECT_EQ(response.field("content-type"), "text/html; charset=utf-8");
    EXPECT_THAT(response.field("refresh"), StartsWith("0; url=" + std::string(kLoginUrl)));
    EXPECT_THAT(response.body, HasSubstr("<a href="));
    EXPECT_EQ(response.field("content-length"), std::to_string(response.body.size()));
    EXPECT_THAT(portald_->requests(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Requests, AnyRequest,
    testing::Values(
        "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: example.org\r\nConnection: keep-alive\r\n\r\n",
        "POST /token HTTP/1.1\r\nHost: example.org\r\nContent-Length: 3\r\n\r\na=b",
        "PUT /f HTTP/1.1\r\nHost: example.org\r\nContent-Length: 3\r\n\r\nabc",
        "DELETE /f HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "OPTIONS /api HTTP/1.1\r\nHost: example.org\r\nOrigin: http://a.example\r\n"
        "Access-Control-Request-Method: POST\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "PROPFIND /dav HTTP/1.1\r\nHost: example.org\r\nDepth: 1\r\n\r\n",
        "REPORT /dav HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "FROBNICATE /x HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n",
        "GET http://example.org/x HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "GET http://example.org/x HTTP/1.1\r\nHost: portal.example.net\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        "GET /favicon.ico HTTP/1.1\r\nHost: example.org\r\nAccept: image/avif,*/*;q=0.8\r\n\r\n",
        "GET /.well-known/webfinger?resource=a HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "GET no-slash HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: portal.example.net.evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: example.org\r\nConnection: keep-alive\r\n\r\n"));

TEST_F(Interception, CarriesThePageThatWasAskedFor) {
    start();
    EXPECT_THAT(
        ask("GET /news?session=secret HTTP/1.1\r\nHost: example.org\r\n\r\n").field("refresh"),
        MatchesRegex("0; url=http://portal\\.example\\.net/"
                     "\\?url=http%3A%2F%2Fexample\\.org%2Fnews&seal=[0-9a-f]{64}"));
    EXPECT_EQ(ask("POST /news HTTP/1.1\r\nHost: example.org\r\nContent-Length: 0\r\n\r\n")
                  .field("refresh"),
              "0; url=http://portal.example.net/");
}

TEST_F(Interception, DoesNotLetARequestWriteThePage) {
    start();
    const RawResponse response =
        ask("GET /\"><script>alert(1)</script> HTTP/1.1\r\nHost: example.org\r\n\r\n");
    EXPECT_THAT(response.body, Not(HasSubstr("<script")));
}

TEST_F(Interception, HeadHasNoBody) {
    start();
    const RawResponse response = ask("HEAD / HTTP/1.1\r\nHost: example.org\r\n\r\n");
    expect_511(response);
    EXPECT_EQ(response.body, "");
    EXPECT_NE(response.field("content-length"), "0");
}

TEST_F(Interception, SpeaksJsonToWhoAsksForIt) {
    start();
    const RawResponse response =
        ask("GET /api HTTP/1.1\r\nHost: example.org\r\nAccept: application/json\r\n\r\n");
    expect_511(response);
    EXPECT_EQ(response.field("content-type"), "application/problem+json");
    EXPECT_THAT(response.body, HasSubstr("\"login_url\":\"http://portal.example.net/?url="));
}

TEST_F(Interception, AnswersTheFirstOfPipelinedRequestsAndCloses) {
    start();
    const std::string got = talk(
        "GET /1 HTTP/1.1\r\nHost: example.org\r\n\r\n"
        "GET /2 HTTP/1.1\r\nHost: example.org\r\n\r\n");
    EXPECT_EQ(got.find("HTTP/1.1 511"), 0u);
    EXPECT_EQ(got.find("HTTP/1.1", 1), std::string::npos);
}

TEST_F(Interception, StopsAnUploadBeforeItBegins) {
    start();
    const RawResponse response =
        ask("PUT /f HTTP/1.1\r\nHost: example.org\r\nContent-Length: 20971520\r\n"
            "Expect: 100-continue\r\n\r\n");
    expect_511(response);  // and no 100 before it
}

TEST_F(Interception, AnUploadThatDoesNotWaitCanReadThePage) {
    start();
    RawClient client = connect();
    client.send("POST /f HTTP/1.1\r\nHost: example.org\r\nContent-Length: 131072\r\n\r\n");
    client.send(std::string(131072, 'x'));
    expect_511(parse_response(client.read_to_end()));
    EXPECT_FALSE(client.reset());
}

TEST_F(Interception, AForeignFormIsNotRead) {
    start();
    const RawResponse response =
        ask("POST /login HTTP/1.1\r\nHost: example.org\r\nContent-Length: 4000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n");
    expect_511(response);
}

TEST_F(Interception, MalformedRequestsGetA400AndNoPage) {
    start();
    for (const char* request :
         {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /\r\n"}) {
        const RawResponse response = ask(request);
        EXPECT_EQ(response.status(), 400);
        EXPECT_EQ(response.field("cache-control"), "no-store");
        EXPECT_EQ(response.field("connection"), "close");
        EXPECT_EQ(response.field("content-type"), "text/plain; charset=utf-8");
    }
    const RawResponse large =
        ask("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + std::string(20000, 'c') + "\r\n\r\n");
    EXPECT_EQ(large.status(), 431);
}

TEST_F(Interception, IsSilentTowardsWhatIsNotHttp1) {
    start();
    EXPECT_EQ(talk("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "");
    EXPECT_EQ(talk(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)), "");
}

TEST_F(Interception, WithoutAHostnameTheLinkIsThePortalsAddress) {
    configuration_.hostname.clear();
    configuration_.http_port = 8080;
    answers_ = [](const ipc::Request&) {
        ipc::Reply reply;
        reply.caller = stranger();
        reply.caller.portal_address = *parse_ip_address("192.0.2.1");
        return reply;
    };
    start();
    EXPECT_THAT(ask("GET /x HTTP/1.1\r\nHost: example.org\r\n\r\n").field("refresh"),
                StartsWith("0; url=http://192.0.2.1:8080/?url=http%3A%2F%2Fexample.org%2Fx&"));
    const auto asked = portald_->asked<ipc::WhoIs>();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].flow.client, *parse_ip_address("127.0.0.1"));
    EXPECT_EQ(asked[0].flow.server, *parse_ip_address("127.0.0.1"));
    EXPECT_EQ(asked[0].flow.server_port, port_);
    EXPECT_NE(asked[0].flow.client_port, 0);
}

TEST_F(Interception, WorksOverIPv6) {
    configuration_.hostname.clear();
    answers_ = [](const ipc::Request&) {
        ipc::Reply reply;
        reply.caller = stranger();
        reply.caller.portal_address = *parse_ip_address("2001:db8::1");
        return reply;
    };
    start(AF_INET6);
    EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: example.org\r\n\r\n").field("refresh"),
              "0; url=http://[2001:db8::1]/");
    EXPECT_EQ(portald_->asked<ipc::WhoIs>().at(0).flow.server, *parse_ip_address("::1"));
}

TEST_F(Interception, GoesOnWithoutPortald) {
    start();
    lose_portald();
    expect_511(ask("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"));
}

TEST_F(Interception, WithoutPortaldAndHostnameThereIsALinkButNoJump) {
    configuration_.hostname.clear();
    answers_ = [](const ipc::Request&) { return std::nullopt; };
    portald_deadline_ = std::chrono::milliseconds(50);
    start();
    const RawResponse response = ask("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
    expect_511(response);
    EXPECT_EQ(response.count("refresh"), 0u);
    EXPECT_THAT(response.body, HasSubstr("127.0.0.1"));
}

TEST_F(Interception, ASteeredAddressIsNotThePortal) {
    configuration_.hostname.clear();
    answers_ = [](const ipc::Request&) {
        ipc::Reply reply;
        reply.caller = stranger();
        reply.caller.to_portal = false;
        reply.caller.portal_address = *parse_ip_address("192.0.2.1");
        return reply;
    };
    start();
    expect_511(ask("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
}

}  // namespace
}  // namespace portal::test
