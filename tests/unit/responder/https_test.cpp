// The portal's pages when it has TLS: within it, and by HTTP the way to them.
#include <gmock/gmock.h>

#include "unit/responder/running_responder.h"

namespace portal::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Https : public RunningResponder {
  protected:
    Https() { use_tls(); }

    static std::string get(const std::string& target, const std::string& host) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }
    static std::string post(const std::string& target, const std::string& form) {
        return "POST " + target +
               " HTTP/1.1\r\nHost: portal.example.net\r\n"
               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
               std::to_string(form.size()) + "\r\n\r\n" + form;
    }
    std::string location_of(const std::string& request) const {
        const RawResponse response = ask(request);
        EXPECT_EQ(response.status(), 302) << request;
        return response.field("location");
    }
    static std::string token_in(const std::string& page) {
        constexpr std::string_view before = "name=\"token\" value=\"";
        const std::size_t at = page.find(before);
        if (at == std::string::npos) return {};
        return page.substr(at + before.size(),
                           page.find('"', at + before.size()) - at - before.size());
    }
};

TEST_F(Https, A511LeadsThere) {
    start();
    const RawResponse response = ask(get("/page", "example.org"));
    EXPECT_EQ(response.status(), 511);
    EXPECT_THAT(response.field("refresh"), StartsWith("0; url=https://portal.example.net/?url="));
}

TEST_F(Https, A511LeadsToItsPort) {
    configuration_.https_port = 8443;
    start();
    EXPECT_THAT(ask(get("/", "example.org")).field("refresh"),
                StartsWith("0; url=https://portal.example.net:8443/?url="));
}

TEST_F(Https, APageByHttpIsFoundThere) {
    start();
    const RawResponse response = ask(get("/", "portal.example.net"));
    EXPECT_EQ(response.status(), 302);
    EXPECT_EQ(response.field("location"), "https://portal.example.net/");
    EXPECT_EQ(response.field("cache-control"), "no-store");
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(response.field("strict-transport-security"), "");
    EXPECT_EQ(response.body, "");
    EXPECT_TRUE(portald_->requests().empty()) << "needs nothing of portald";
}

TEST_F(Https, WithItsPathAndQuery) {
    configuration_.https_port = 8443;
    start();
    EXPECT_EQ(location_of(get("/status?url=http%3A%2F%2Fa%2F&x", "portal.example.net")),
              "https://portal.example.net:8443/status?url=http%3A%2F%2Fa%2F&x");
    EXPECT_EQ(location_of(get("/", "PORTAL.example.net.:80")), "https://portal.example.net:8443/");
    EXPECT_EQ(location_of(get("//example.org/", "portal.example.net")),
              "https://portal.example.net:8443//example.org/");
    EXPECT_EQ(location_of(get("http://portal.example.net/a?b", "example.org")),
              "https://portal.example.net:8443/a?b");
    EXPECT_EQ(location_of(get("/caf\xc3\xa9", "portal.example.net")),
              "https://portal.example.net:8443/");
}

TEST_F(Https, ThePortalsAddressIsFoundThereByItsName) {
    start();
    EXPECT_EQ(location_of(get("/status", "127.0.0.1")), "https://portal.example.net/status");
}

TEST_F(Https, AnotherAddressIsIntercepted) {
    answers_ = [](const ipc::Request&) {
        ipc::Reply reply;
        reply.caller = stranger();
        reply.caller.to_portal = false;  // steered
        return reply;
    };
    start();
    EXPECT_EQ(ask(get("/", "127.0.0.1")).status(), 511);
}

TEST_F(Https, AFormByHttpIsNotRead) {
    start();
    const RawResponse response =
        ask(post("/sign-in", "method=password&user=ada&password=secret&token=x"));
    EXPECT_EQ(response.status(), 405);
    EXPECT_EQ(response.field("allow"), "GET, HEAD");
    EXPECT_TRUE(portald_->requests().empty());
}

TEST_F(Https, AGuestSignsIn) {
    start();
    const RawResponse page = ask_secure(get("/", "portal.example.net"));
    ASSERT_EQ(page.status(), 200);
    EXPECT_EQ(page.field("strict-transport-security"), "");
    const RawResponse done = ask_secure(
        post("/sign-in", "method=password&user=ada&password=secret&token=" + token_in(page.body)));
    EXPECT_EQ(done.status(), 303) << done.body;
    const auto asked = portald_->asked<ipc::SignIn>();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].password, "secret");
}

TEST_F(Https, ThePortalsAddressIsItsOwnToo) {
    start();
    EXPECT_EQ(ask_secure(get("/", "127.0.0.1")).status(), 200);
}

// RFC 6585 §7.4: no 511 where a certificate stands for a name.
TEST_F(Https, AnotherHostIsMisdirected) {
    start();
    for (const std::string& request :
         {get("/", "example.org"), get("http://example.org/", "portal.example.net"),
          std::string("GET / HTTP/1.0\r\n\r\n"), get("/", "192.0.2.77"),
          std::string("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n")}) {
        const RawResponse response = ask_secure(request);
        EXPECT_EQ(response.status(), 421) << request;
        for (const char* field : {"refresh", "location"})
            EXPECT_EQ(response.field(field), "") << request;
    }
}

TEST_F(Https, WhatIsNoRequestIsRefused) {
    start();
    EXPECT_EQ(ask_secure("GET / HTTP/1.1\r\n\r\n").status(), 400);
    EXPECT_EQ(ask_secure("GET / HTTP/1.1\r\nHost: portal.example.net\r\nX: " +
                         std::string(9000, 'x') + "\r\n\r\n")
                  .status(),
              431);
    EXPECT_EQ(ask_secure(post("/sign-in", std::string(20000, 'x'))).status(), 400);
}

}  // namespace
}  // namespace portal::test
