// The 511 answer, field by field.
#include "responder/intercept.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "responder/assets.h"
#include "responder/page.h"

namespace portal::responder {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kLogin = "http://portal.example.net/?url=http%3A%2F%2Fa%2F&x=\"<";
constexpr const char* kEscaped =
    "http://portal.example.net/?url=http%3A%2F%2Fa%2F&amp;x=&quot;&lt;";

http::Response answer(const Way& way, const std::string& accept = {}) {
    http::Request request(http::Method::get, "/", 11);
    if (!accept.empty()) request.set(http::Field::accept, accept);
    return Interception("Café <Example>").answer(request, way);
}

TEST(Interception, LeadsToTheSignInPageInThreeWays) {
    const http::Response response = answer({.url = kLogin, .at_once = true});
    const std::string body = response.body();
    const std::string link = std::string(kEscaped);
    EXPECT_EQ(response.result_int(), 511u);
    EXPECT_EQ(response["Refresh"], std::string("0; url=") + kLogin);
    EXPECT_THAT(body, HasSubstr("<meta http-equiv=\"refresh\" content=\"0; url=" + link + "\">"));
    EXPECT_THAT(body, HasSubstr("<a href=\"" + link + "\">"));
    EXPECT_THAT(body, HasSubstr("Café &lt;Example&gt;"));
    EXPECT_THAT(body, HasSubstr("lang=\"en\""));
}

TEST(Interception, SpeaksTheStrangersLanguage) {
    http::Request request(http::Method::get, "/", 11);
    request.set(http::Field::accept_language, "ar-EG,en;q=0.5");
    const http::Response response =
        Interception("Café").answer(request, {.url = kLogin, .at_once = true});
    EXPECT_EQ(response[http::Field::content_language], "ar");
    EXPECT_THAT(response.body(), HasSubstr("<html lang=\"ar\" dir=\"rtl\">"));
    EXPECT_THAT(response.body(), HasSubstr("Café"));
    EXPECT_LT(response.body().size(), 2048u);
}

TEST(Interception, IsNeverStoredAndNeverStays) {
    const http::Response response = answer({.url = kLogin, .at_once = true});
    EXPECT_EQ(response[http::Field::cache_control], "no-store");
    EXPECT_FALSE(response.keep_alive());
    EXPECT_EQ(response[http::Field::content_type], "text/html; charset=utf-8");
    EXPECT_EQ(response["X-Content-Type-Options"], "nosniff");
    EXPECT_EQ(response["Referrer-Policy"], "no-referrer");
    EXPECT_EQ(response["Content-Security-Policy"],
              "default-src 'none'; style-src " + style_source(asset("intercept.css")) +
                  "; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
}

TEST(Interception, LeavesNothingWithTheForeignOrigin) {
    for (const char* accept : {"text/html", "application/json"}) {
        const http::Response response = answer({.url = kLogin, .at_once = true}, accept);
        for (const char* name :
             {"Set-Cookie", "Location", "WWW-Authenticate", "Access-Control-Allow-Origin",
              "Strict-Transport-Security", "ETag", "Expires", "Last-Modified", "Alt-Svc",
              "Clear-Site-Data", "Service-Worker-Allowed", "X-NetworkManager-Status",
              "X-ConnMan-Status", "Link", "Retry-After"})
            EXPECT_EQ(response.count(name), 0u) << name;
    }
}

TEST(Interception, HoldsNoFormAndNoScript) {
    const std::string body = answer({.url = kLogin, .at_once = true}).body();
    EXPECT_THAT(body, Not(HasSubstr("<form")));
    EXPECT_THAT(body, Not(HasSubstr("<script")));
    EXPECT_LT(body.size(), 2048u);
}

TEST(Interception, StaysPutWhereTheWayMightLeadBack) {
    const http::Response link = answer({.url = kLogin, .at_once = false});
    EXPECT_EQ(link.count("Refresh"), 0u);
    EXPECT_THAT(link.body(), Not(HasSubstr("http-equiv=\"refresh\"")));
    EXPECT_THAT(link.body(), HasSubstr("<a href="));
    const http::Response nothing = answer({.url = std::nullopt, .at_once = true});
    EXPECT_EQ(nothing.result_int(), 511u);
    EXPECT_EQ(nothing.count("Refresh"), 0u);
    EXPECT_THAT(nothing.body(), Not(HasSubstr("<a href=")));
    EXPECT_FALSE(nothing.body().empty());
}

TEST(Interception, TheStyleIsTheOneThatThePolicyAllows) {
    const std::string body = answer({.url = kLogin, .at_once = true}).body();
    const std::size_t start = body.find("<style>") + 7;
    EXPECT_EQ(body.substr(start, body.find("</style>") - start), asset("intercept.css"));
}

TEST(Interception, IsAProblemDocumentForWhoAsksForJson) {
    const http::Response response =
        answer({.url = kLogin, .at_once = true}, "application/json, */*;q=0.1");
    EXPECT_EQ(response.result_int(), 511u);
    EXPECT_EQ(response[http::Field::content_type], "application/problem+json");
    EXPECT_EQ(response[http::Field::cache_control], "no-store");
    const auto problem = boost::json::parse(response.body()).as_object();
    EXPECT_EQ(problem.at("type"), "about:blank");
    EXPECT_EQ(problem.at("title"), "Network Authentication Required");
    EXPECT_EQ(problem.at("status"), 511);
    EXPECT_TRUE(problem.at("detail").is_string());
    EXPECT_EQ(problem.at("login_url"), kLogin);
    const auto without = answer({.url = std::nullopt, .at_once = true}, "application/json");
    EXPECT_FALSE(boost::json::parse(without.body()).as_object().contains("login_url"));
}

TEST(Interception, ReadsEveryAcceptField) {
    http::Request request(http::Method::get, "/", 11);
    request.insert(http::Field::accept, "application/json");
    request.insert(http::Field::accept, "text/html");
    const http::Response response =
        Interception("x").answer(request, {.url = kLogin, .at_once = true});
    EXPECT_EQ(response[http::Field::content_type], "text/html; charset=utf-8");
}

}  // namespace
}  // namespace portal::responder
