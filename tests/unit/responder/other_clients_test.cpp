// Those that are no browser (draft-nottingham-http-new-status App. B, RFC 6585 §6): what each must
// not be able to take for an answer of the site it asked.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "unit/responder/running_responder.h"

namespace portal::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class OtherClients : public RunningResponder {
  protected:
    OtherClients() { start(); }

    // Sends the request, and checks what holds of every such answer.
    RawResponse refused(const std::string& line_and_fields, const std::string& body = {}) {
        const std::string length =
            body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
        RawResponse response = ask(line_and_fields + length + "\r\n" + body);
        EXPECT_EQ(response.status_line, "HTTP/1.1 511 Network Authentication Required");
        EXPECT_EQ(response.field("cache-control"), "no-store");
        EXPECT_EQ(response.field("connection"), "close");
        for (const char* name : {"location", "set-cookie", "www-authenticate", "etag", "expires",
                                 "last-modified", "age", "vary", "dav", "allow", "link"})
            EXPECT_EQ(response.count(name), 0u) << name;
        for (const auto& [name, value] : response.fields)
            EXPECT_THAT(name, Not(StartsWith("access-control-")));
        return response;
    }
    static void expect_page(const RawResponse& response) {
        EXPECT_EQ(response.field("content-type"), "text/html; charset=utf-8");
        EXPECT_EQ(response.field("x-content-type-options"), "nosniff");
    }
};

// The portal's icon, or its page, must not become the site's.
TEST_F(OtherClients, AFaviconIsNoImage) {
    expect_page(
        refused("GET /favicon.ico HTTP/1.1\r\nHost: example.org\r\n"
                "Accept: image/avif,image/webp,image/png,*/*;q=0.8\r\n"));
}

TEST_F(OtherClients, AP3pPolicyIsNone) {
    expect_page(
        refused("GET /w3c/p3p.xml HTTP/1.1\r\nHost: example.org\r\nAccept: text/xml, */*\r\n"));
}

TEST_F(OtherClients, AWebFingerIsNoResourceDescriptor) {
    const RawResponse response = refused(
        "GET /.well-known/webfinger?resource=acct:ada@example.org HTTP/1.1\r\n"
        "Host: example.org\r\nAccept: application/jrd+json\r\n");
    EXPECT_EQ(response.field("content-type"), "application/problem+json");
    const auto document = boost::json::parse(response.body).as_object();
    EXPECT_FALSE(document.contains("subject"));
    EXPECT_FALSE(document.contains("links"));
}

TEST_F(OtherClients, ACorsPreflightIsNotGranted) {
    expect_page(
        refused("OPTIONS /api HTTP/1.1\r\nHost: api.example.org\r\nOrigin: http://app.example\r\n"
                "Access-Control-Request-Method: PUT\r\n"
                "Access-Control-Request-Headers: authorization\r\n"));
}

TEST_F(OtherClients, ACorsRequestIsNotReadable) {
    expect_page(
        refused("GET /api HTTP/1.1\r\nHost: api.example.org\r\nOrigin: http://app.example\r\n"));
}

TEST_F(OtherClients, AWebDavServerIsNotThere) {
    for (const char* method : {"OPTIONS", "PROPFIND", "PROPPATCH", "MKCOL", "LOCK", "COPY", "MOVE"})
        expect_page(refused(std::string(method) +
                            " /dav/ HTTP/1.1\r\nHost: dav.example.org\r\nDepth: 1\r\n"));
    expect_page(refused("PUT /dav/f HTTP/1.1\r\nHost: dav.example.org\r\n", "contents"));
    expect_page(refused("DELETE /dav/f HTTP/1.1\r\nHost: dav.example.org\r\n"));
}

TEST_F(OtherClients, ACalDavServerIsNotThere) {
    const std::string query =
        "<c:calendar-query xmlns:c=\"urn:ietf:params:xml:ns:caldav\"></c:calendar-query>";
    expect_page(refused(
        "REPORT /cal/ HTTP/1.1\r\nHost: cal.example.org\r\nContent-Type: application/xml\r\n",
        query));
    expect_page(refused("PROPFIND /.well-known/caldav HTTP/1.1\r\nHost: cal.example.org\r\n"));
    expect_page(refused("MKCALENDAR /cal/new HTTP/1.1\r\nHost: cal.example.org\r\n"));
}

// A redirect would send the code and the secret on (RFC 6749 §4.1.3).
TEST_F(OtherClients, AnOAuthTokenRequestIsNotForwarded) {
    const std::string body = "grant_type=authorization_code&code=c0de&client_secret=s3cret";
    const RawResponse response = refused(
        "POST /token HTTP/1.1\r\nHost: auth.example.org\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n"
        "Authorization: Basic YTpi\r\n",
        body);
    const auto document = boost::json::parse(response.body).as_object();
    EXPECT_FALSE(document.contains("access_token"));
    EXPECT_FALSE(document.contains("error")) << "which would be the server's refusal";
    EXPECT_THAT(response.body, Not(HasSubstr("c0de")));
    EXPECT_EQ(document.at("login_url"), "http://portal.example.net/");
}

TEST_F(OtherClients, AnOAuthCodeInARedirectIsNotCarriedOn) {
    const RawResponse response =
        refused("GET /callback?code=c0de&state=s7ate HTTP/1.1\r\nHost: app.example.org\r\n");
    EXPECT_THAT(response.body + response.field("refresh"), Not(HasSubstr("c0de")));
    EXPECT_THAT(response.body + response.field("refresh"), Not(HasSubstr("s7ate")));
}

TEST_F(OtherClients, ASoftwareUpdateIsNone) {
    for (const char* path :
         {"/debian/dists/bookworm/InRelease", "/debian/pool/main/h/hello/hello_2.10-3_amd64.deb",
          "/simple/requests/", "/update.xml", "/repo.git/info/refs?service=git-upload-pack"})
        expect_page(refused("GET " + std::string(path) +
                            " HTTP/1.1\r\nHost: updates.example.org\r\nAccept: */*\r\n"));
    // A conditional request must not be answered as one: 304 would confirm what is stored.
    expect_page(
        refused("GET /debian/dists/bookworm/InRelease HTTP/1.1\r\nHost: updates.example.org\r\n"
                "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\nIf-None-Match: *\r\n"));
    // Nor a range: 206 would be appended to what is there.
    expect_page(
        refused("GET /f.iso HTTP/1.1\r\nHost: updates.example.org\r\nRange: bytes=100-\r\n"));
}

TEST_F(OtherClients, AJsonClientGetsAProblem) {
    const RawResponse response =
        refused("GET /v1/items HTTP/1.1\r\nHost: api.example.org\r\nAccept: application/json\r\n");
    EXPECT_EQ(response.field("content-type"), "application/problem+json");
    const auto problem = boost::json::parse(response.body).as_object();
    EXPECT_EQ(problem.at("status"), 511);
    EXPECT_THAT(std::string(problem.at("login_url").as_string()),
                StartsWith("http://portal.example.net/?url="));
}

TEST_F(OtherClients, AWebSocketIsNotOpened) {
    const RawResponse response = refused(
        "GET /chat HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
    EXPECT_EQ(response.count("sec-websocket-accept"), 0u);
    EXPECT_EQ(response.count("upgrade"), 0u);
}

TEST_F(OtherClients, ATunnelIsNotOpened) {
    expect_page(refused("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n"));
}

TEST_F(OtherClients, ASoapCallIsNoFault) {
    const RawResponse response = refused(
        "POST /soap HTTP/1.1\r\nHost: example.org\r\nSOAPAction: \"x\"\r\n"
        "Content-Type: text/xml\r\nAccept: text/xml\r\n",
        "<Envelope/>");
    expect_page(response);
}

}  // namespace
}  // namespace portal::test
