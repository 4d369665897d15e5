// The way back to the page that was asked for, and that it is no open redirector.
#include "responder/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "responder/form_token.h"
#include "responder/portal_site.h"
#include "unit/responder/fake_portald.h"

namespace portal::responder {
namespace {

using test::guest;
using test::stranger;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using namespace std::chrono_literals;

const std::string kKey(64, '1');
const std::string kOtherKey(64, '2');
const IpAddress kClient = *parse_ip_address("192.0.2.10");
const IpAddress kOther = *parse_ip_address("192.0.2.11");
constexpr Seal::Time kIssued(1000h + 59min);
constexpr const char* kUrl = "http://example.org/news";

TEST(Seal, IsOfOneUrlAndOneAddressForAnHourOrTwo) {
    ASSERT_GE(sodium_init(), 0);
    const Seal seals(kKey);
    const std::string seal = seals.issue(kUrl, kClient, kIssued);
    EXPECT_EQ(seal.size(), 64u);
    EXPECT_TRUE(seals.valid(seal, kUrl, kClient, kIssued));
    EXPECT_TRUE(seals.valid(seal, kUrl, kClient, kIssued + 1h));
    EXPECT_FALSE(seals.valid(seal, kUrl, kClient, kIssued + 2h));
    EXPECT_FALSE(seals.valid(seal, kUrl, kClient, kIssued - 1h));
    EXPECT_FALSE(seals.valid(seal, kUrl, kOther, kIssued));
    EXPECT_FALSE(seals.valid(seal, "http://example.org/new", kClient, kIssued));
    EXPECT_FALSE(seals.valid("", kUrl, kClient, kIssued));
    EXPECT_FALSE(seals.valid(seal + "0", kUrl, kClient, kIssued));
}

TEST(Seal, IsOfTheKeyAndThePurpose) {
    ASSERT_GE(sodium_init(), 0);
    const std::string seal = Seal(kKey).issue(kUrl, kClient, kIssued);
    EXPECT_TRUE(Seal(kKey).valid(seal, kUrl, kClient, kIssued)) << "after a restart";
    EXPECT_FALSE(Seal(kOtherKey).valid(seal, kUrl, kClient, kIssued));
    EXPECT_FALSE(Seal("").valid(seal, kUrl, kClient, kIssued));
    const std::string random = Seal("").issue(kUrl, kClient, kIssued);
    EXPECT_FALSE(Seal("").valid(random, kUrl, kClient, kIssued)) << "a default secret";
    const std::string text = kClient.to_string() + " " + kUrl;
    EXPECT_NE(seal, HourlyMac(kKey, HourlyMac::Purpose::form).issue(text, kIssued));
}

// Where a sign-in leads whose form holds `url` and `seal`.
class WayBack : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }

    static ipc::Configuration configuration() {
        ipc::Configuration configuration;
        configuration.hostname = "portal.example.net";
        configuration.click_through = true;
        configuration.password = true;
        configuration.seal_key = kKey;
        return configuration;
    }

    static std::string encoded(const std::string& text) {
        return boost::urls::encode(text, boost::urls::unreserved_chars);
    }
    std::string fields(const std::string& url, const std::string& seal) const {
        return "url=" + encoded(url) + "&seal=" + encoded(seal);
    }
    std::string sealed(const std::string& url) const {
        return fields(url, Seal(kKey).issue(url, kClient, kIssued));
    }

    std::variant<http::Response, Submission> receive(const http::Request& request,
                                                     const ipc::Caller& caller = stranger()) const {
        return site_.receive(request, *http::parse_target(request), flow_, caller, now_);
    }
    http::Response get(const std::string& target, const ipc::Caller& caller = stranger()) const {
        http::Request request(http::Method::get, target, 11);
        request.set(http::Field::host, "portal.example.net");
        return std::get<http::Response>(receive(request, caller));
    }
    Submission submit(const std::string& target, const std::string& body,
                      const ipc::Caller& caller = stranger()) const {
        http::Request request(http::Method::post, target, 11);
        request.set(http::Field::host, "portal.example.net");
        request.set(http::Field::content_type, "application/x-www-form-urlencoded");
        request.body() = "token=" + FormToken(kKey).issue(*caller.client, now_) + "&" + body;
        request.prepare_payload();
        return std::get<Submission>(receive(request, caller));
    }
    http::Response sign_in(const std::string& body,
                           ipc::Outcome outcome = ipc::Outcome::done) const {
        ipc::Reply reply;
        reply.outcome = outcome;
        return site_.conclude(submit("/sign-in", "method=click-through&" + body), reply, now_);
    }
    std::string location(const std::string& body) const {
        const http::Response response = sign_in(body);
        EXPECT_EQ(response.result_int(), 303u);
        return std::string(response[http::Field::location]);
    }

    Flow flow_{.client = kClient, .client_port = 4000, .server = kClient, .server_port = 80};
    FormToken::Time now_ = kIssued;
    PortalSite site_{configuration()};
};

TEST_F(WayBack, LeadsStraightToASealedUrl) {
    EXPECT_EQ(location(sealed(kUrl)), kUrl);
    now_ += 1h;
    EXPECT_EQ(location(sealed(kUrl)), kUrl);
}

TEST_F(WayBack, LeadsToTheStatusPageWithoutASeal) {
    EXPECT_EQ(location("url=" + encoded(kUrl)), "/status?url=" + encoded(kUrl));
    EXPECT_EQ(location(""), "/status");
}

TEST_F(WayBack, IsNoOpenRedirector) {
    const Seal seals(kKey);
    const std::string evil = "http://evil.example/";
    std::vector<std::string> bodies{
        fields(evil, Seal(kOtherKey).issue(evil, kClient, now_)),
        fields(evil, seals.issue(evil, kOther, now_)),
        fields(evil, seals.issue(kUrl, kClient, now_)),
        fields(evil, seals.issue(evil, kClient, now_ - 2h)),
        fields(evil, seals.issue(evil, kClient, now_ + 1h)),
        fields(evil, std::string(64, '0')),
        fields(evil, ""),
        fields(evil, FormToken(kKey).issue(*stranger().client, now_)),
        sealed(kUrl) + "&url=" + encoded(evil),
        "url=" + encoded(evil) + "&" + sealed(kUrl),
    };
    // Not even a seal makes these a way: whatever is sealed is first made harmless.
    for (const char* url :
         {"javascript:alert(1)", "data:text/html,x", "//evil.example/", "/\\evil.example",
          "ftp://evil.example/", "http://user:secret@evil.example/", "http://evil.example/?q",
          "http://evil.example/#f", "http:evil.example", "http:///evil.example",
          " http://evil.example/", "http://evil.example/\r\nSet-Cookie: a=b"})
        bodies.push_back(sealed(url));
    for (const std::string& body : bodies) {
        const std::string to = location(body);
        EXPECT_TRUE(to == "/status" || to.starts_with("/status?url=") || to == kUrl) << body << to;
    }
}

TEST_F(WayBack, IsNotOfAnotherAddress) {
    const std::string body = sealed(kUrl);
    flow_.client = kOther;
    EXPECT_EQ(location(body), "/status?url=" + encoded(kUrl));
}

TEST_F(WayBack, ThePagesKeepASealAndForgetAFalseOne) {
    const std::string seal = Seal(kKey).issue(kUrl, kClient, kIssued);
    const std::string input = "name=\"seal\" value=\"" + seal + "\"";
    EXPECT_THAT(get("/?" + sealed(kUrl)).body(), HasSubstr(input));
    EXPECT_THAT(get("/status?" + sealed(kUrl), guest()).body(), HasSubstr(input));
    EXPECT_THAT(sign_in(sealed(kUrl), ipc::Outcome::refused).body(), HasSubstr(input));
    EXPECT_THAT(get("/?" + fields(kUrl, "\"><script>")).body(), Not(HasSubstr("name=\"seal\"")));
    EXPECT_EQ(get("/status?" + sealed(kUrl))[http::Field::location], "/?" + sealed(kUrl));
    const http::Response signed_out =
        site_.conclude(submit("/sign-out", sealed(kUrl), guest()), ipc::Reply{}, now_);
    EXPECT_EQ(signed_out[http::Field::location], "/?" + sealed(kUrl));
}

// Chromium holds the redirect that follows a form to form-action, and each after it.
TEST_F(WayBack, ThePolicyLetsTheFormLeadThere) {
    const auto policy = [&](const std::string& target, const ipc::Caller& caller) {
        return std::string(get(target, caller)["Content-Security-Policy"]);
    };
    EXPECT_THAT(policy("/?" + sealed(kUrl), stranger()),
                HasSubstr("form-action 'self' http: https:;"));
    EXPECT_THAT(policy("/?" + fields(kUrl, "00"), stranger()), HasSubstr("form-action 'self';"));
    EXPECT_THAT(policy("/status?" + sealed(kUrl), guest()), HasSubstr("form-action 'self';"));
}

TEST_F(WayBack, APageThatWasOutOfDateKeepsTheSeal) {
    http::Request request(http::Method::post, "/sign-in", 11);
    request.set(http::Field::host, "portal.example.net");
    request.set(http::Field::content_type, "application/x-www-form-urlencoded");
    request.body() = "token=00&method=click-through&" + sealed(kUrl);
    request.prepare_payload();
    const auto response = std::get<http::Response>(receive(request));
    EXPECT_EQ(response.result_int(), 403u);
    EXPECT_THAT(response.body(), HasSubstr("name=\"seal\""));
}

}  // namespace
}  // namespace portal::responder
