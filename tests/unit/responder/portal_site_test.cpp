// What happens on the portal's own host, without a socket.
#include "responder/portal_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include "unit/responder/fake_portald.h"

namespace portal::responder {
namespace {

using test::guest;
using test::stranger;
using testing::HasSubstr;
using testing::Not;

constexpr FormToken::Time kNow(std::chrono::hours(1000));

ipc::Configuration configuration() {
    ipc::Configuration configuration;
    configuration.portal_name = "Example <venue>";
    configuration.hostname = "portal.example.net";
    configuration.click_through = true;
    configuration.password = true;
    configuration.voucher = true;
    configuration.seal_key = std::string(64, '1');
    return configuration;
}

http::Request get(const std::string& target) {
    http::Request request(http::Method::get, target, 11);
    request.set(http::Field::host, "portal.example.net");
    return request;
}

http::Request post(const std::string& target, const std::string& body) {
    http::Request request(http::Method::post, target, 11);
    request.set(http::Field::host, "portal.example.net");
    request.set(http::Field::content_type, "application/x-www-form-urlencoded");
    request.body() = body;
    request.prepare_payload();
    return request;
}

class PortalSiteTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }

    std::variant<http::Response, Submission> receive(const http::Request& request,
                                                     const ipc::Caller& caller) const {
        return site_.receive(request, *http::parse_target(request), flow_, caller, kNow);
    }
    http::Response answer(const http::Request& request, const ipc::Caller& caller) const {
        auto received = receive(request, caller);
        if (auto* response = std::get_if<http::Response>(&received)) return *response;
        ADD_FAILURE() << "a question, not an answer";
        return {};
    }
    // What the form of the page at `target` holds as its token.
    std::string token(const ipc::Caller& caller, const std::string& target = "/") const {
        const std::string body = answer(get(target), caller).body();
        const std::string before = "name=\"token\" value=\"";
        const std::size_t at = body.find(before);
        EXPECT_NE(at, std::string::npos);
        return body.substr(at + before.size(), 64);
    }
    Submission submit(const std::string& target, const std::string& fields,
                      const ipc::Caller& caller) const {
        auto received = receive(post(target, "token=" + token(caller) + fields), caller);
        if (auto* submission = std::get_if<Submission>(&received)) return *submission;
        ADD_FAILURE() << "no question: " << std::get<http::Response>(received).body();
        return {.question = ipc::SignOut{}, .client = {}, .carried = {}};
    }

    const Flow flow_{.client = *parse_ip_address("192.0.2.10"),
                     .client_port = 4000,
                     .server = *parse_ip_address("192.0.2.1"),
                     .server_port = 80};
    PortalSite site_{configuration()};
};

TEST_F(PortalSiteTest, TheFrontPageOffersWhatIsConfigured) {
    const http::Response response =
        answer(get("/?url=http%3A%2F%2Fexample.org%2Fa%3Fb"), stranger());
    EXPECT_EQ(response.result_int(), 200u);
    EXPECT_THAT(response.body(), HasSubstr("value=\"click-through\""));
    EXPECT_THAT(response.body(), HasSubstr("type=\"password\""));
    EXPECT_THAT(response.body(), HasSubstr("Example &lt;venue&gt;"));
    EXPECT_THAT(response.body(), HasSubstr("name=\"url\""));
    EXPECT_THAT(response.body(), Not(HasSubstr("?b")));

    ipc::Configuration only_click = configuration();
    only_click.password = false;
    const PortalSite site(only_click);
    const auto request = get("/");
    const auto received =
        site.receive(request, *http::parse_target(request), flow_, stranger(), kNow);
    const std::string body = std::get<http::Response>(received).body();
    EXPECT_THAT(body, HasSubstr("value=\"click-through\""));
    EXPECT_THAT(body, Not(HasSubstr("type=\"password\"")));
    EXPECT_THAT(body, Not(HasSubstr("name=\"url\"")));
}

TEST_F(PortalSiteTest, WhoIsSignedInSeesTheSession) {
    for (const char* target : {"/", "/status"}) {
        const http::Response response =
            answer(get(std::string(target) + "?url=http://example.org/x"), guest());
        EXPECT_EQ(response.result_int(), 200u);
        EXPECT_THAT(response.body(), HasSubstr("ada"));
        EXPECT_THAT(response.body(), HasSubstr("2 h"));
        EXPECT_THAT(response.body(), HasSubstr("12 MB"));
        EXPECT_THAT(response.body(), HasSubstr("Continue to example.org"));
        EXPECT_THAT(response.body(), HasSubstr("action=\"/sign-out\""));
    }
}

TEST_F(PortalSiteTest, ATrustedDeviceHasNothingToSignOutOf) {
    ipc::Caller caller = stranger();
    caller.state = ClientState::trusted;
    const std::string body = answer(get("/"), caller).body();
    EXPECT_THAT(body, HasSubstr("always connected"));
    EXPECT_THAT(body, Not(HasSubstr("/sign-out")));
}

TEST_F(PortalSiteTest, WithoutASessionTheStatusIsTheFrontPage) {
    const http::Response response = answer(get("/status?url=http://example.org/"), stranger());
    EXPECT_EQ(response.result_int(), 303u);
    EXPECT_EQ(response[http::Field::location], "/?url=http%3A%2F%2Fexample.org%2F");
    EXPECT_EQ(response[http::Field::cache_control], "no-store");
}

TEST_F(PortalSiteTest, UnknownConnectionsAreToldAndOfferedNothing) {
    for (const auto& request : {get("/"), get("/status"), post("/sign-in", "a=b")}) {
        const http::Response response = answer(request, ipc::Caller{});
        EXPECT_EQ(response.result_int(), 503u);
        EXPECT_THAT(response.body(), HasSubstr("not recognised"));
        EXPECT_THAT(response.body(), Not(HasSubstr("method=\"post\"")));
    }
}

TEST_F(PortalSiteTest, PathsAndMethods) {
    EXPECT_EQ(answer(get("/%2e%2e/etc/passwd"), stranger()).result_int(), 404u);
    EXPECT_EQ(answer(get("/favicon.ico"), stranger()).result_int(), 404u);
    const http::Response page = answer(post("/", ""), stranger());
    EXPECT_EQ(page.result_int(), 405u);
    EXPECT_EQ(page[http::Field::allow], "GET, HEAD");
    const http::Response action = answer(get("/sign-in"), stranger());
    EXPECT_EQ(action.result_int(), 405u);
    EXPECT_EQ(action[http::Field::allow], "POST");
    http::Request head = get("/");
    head.method(http::Method::head);
    EXPECT_EQ(answer(head, stranger()).result_int(), 200u);
}

TEST_F(PortalSiteTest, SigningInAsksPortaldAndEndsOnTheStatusPage) {
    const Submission submission = submit(
        "/sign-in", "&method=password&user=ada&password=p%26%2B+w&url=http%3A%2F%2Fexample.org%2F",
        stranger());
    EXPECT_EQ(std::get<ipc::SignIn>(submission.question),
              (ipc::SignIn{flow_, *stranger().client, "password", "ada", "p&+ w"}));
    ipc::Reply reply;
    const http::Response response = site_.conclude(submission, reply, kNow);
    EXPECT_EQ(response.result_int(), 303u);
    EXPECT_EQ(response[http::Field::location], "/status?url=http%3A%2F%2Fexample.org%2F");
}

TEST_F(PortalSiteTest, ClickThroughCarriesNoCredentials) {
    const Submission submission =
        submit("/sign-in", "&method=click-through&user=ada&password=x", stranger());
    EXPECT_EQ(std::get<ipc::SignIn>(submission.question),
              (ipc::SignIn{flow_, *stranger().client, "click-through", "", ""}));
}

TEST_F(PortalSiteTest, SigningOutEndsOnTheFrontPage) {
    const Submission submission = submit("/sign-out", "", guest());
    EXPECT_EQ(std::get<ipc::SignOut>(submission.question), (ipc::SignOut{flow_, *guest().client}));
    const http::Response response = site_.conclude(submission, ipc::Reply{}, kNow);
    EXPECT_EQ(response.result_int(), 303u);
    EXPECT_EQ(response[http::Field::location], "/");
}

TEST_F(PortalSiteTest, OutcomesHaveTheirPages) {
    const Submission submission =
        submit("/sign-in", "&method=password&user=%22%3Ca&password=secret", stranger());
    ipc::Reply reply;
    reply.outcome = ipc::Outcome::refused;
    const http::Response refused = site_.conclude(submission, reply, kNow);
    EXPECT_EQ(refused.result_int(), 403u);
    EXPECT_THAT(refused.body(), HasSubstr("user name or the password is wrong"));
    EXPECT_THAT(refused.body(), HasSubstr("value=\"&quot;&lt;a\""));
    EXPECT_THAT(refused.body(), Not(HasSubstr("secret")));
    EXPECT_THAT(refused.body(), HasSubstr("role=\"alert\""));

    reply.outcome = ipc::Outcome::throttled;
    reply.retry_after = Seconds(90);
    const http::Response throttled = site_.conclude(submission, reply, kNow);
    EXPECT_EQ(throttled.result_int(), 429u);
    EXPECT_EQ(throttled[http::Field::retry_after], "90");

    reply.outcome = ipc::Outcome::busy;
    reply.retry_after = Seconds(2);
    const http::Response busy = site_.conclude(submission, reply, kNow);
    EXPECT_EQ(busy.result_int(), 503u);
    EXPECT_EQ(busy[http::Field::retry_after], "2");
    EXPECT_THAT(busy.body(), Not(HasSubstr("Too many attempts")));

    reply.outcome = ipc::Outcome::unknown;
    EXPECT_EQ(site_.conclude(submission, reply, kNow).result_int(), 503u);
    reply.outcome = ipc::Outcome::failed;
    EXPECT_EQ(site_.conclude(submission, reply, kNow).result_int(), 500u);
    EXPECT_EQ(site_.conclude(submission, fail(ErrorCode::unavailable, "gone"), kNow).result_int(),
              503u);
    EXPECT_EQ(site_.conclude(submission, fail(ErrorCode::invalid, "long"), kNow).result_int(),
              403u);
}

TEST_F(PortalSiteTest, WhoMayNotHereOrNowIsToldWhy) {
    const Submission submission =
        submit("/sign-in", "&method=password&user=ada&password=secret", stranger());
    const auto refused = [&](ipc::Outcome outcome) {
        ipc::Reply reply;
        reply.outcome = outcome;
        if (outcome == ipc::Outcome::devices) reply.devices = 3;
        const http::Response response = site_.conclude(submission, reply, kNow);
        EXPECT_EQ(response.result_int(), 403u);
        EXPECT_THAT(response.body(), HasSubstr("role=\"alert\""));
        EXPECT_THAT(response.body(), Not(HasSubstr("password is wrong")));
        EXPECT_THAT(response.body(), Not(HasSubstr("aria-invalid=")));
        return response.body();
    };
    EXPECT_THAT(refused(ipc::Outcome::elsewhere), HasSubstr("not valid on this network"));
    EXPECT_THAT(refused(ipc::Outcome::not_now), HasSubstr("not valid at this time of day"));
    EXPECT_THAT(refused(ipc::Outcome::devices),
                HasSubstr("as many devices as you may use at the same time (3)"));
}

TEST_F(PortalSiteTest, TheStatusPageShowsWhatDataIsLeft) {
    ipc::Caller caller = guest();
    EXPECT_THAT(answer(get("/status"), caller).body(), Not(HasSubstr("Data left")));
    caller.data_remaining = 1'990'000'000;
    EXPECT_THAT(answer(get("/status"), caller).body(),
                HasSubstr("<dt>Data left</dt><dd>1.9 GB</dd>"));
    caller.data_remaining = 0;
    EXPECT_THAT(answer(get("/status?lang=de"), caller).body(),
                HasSubstr("<dt>Verbleibende Daten</dt><dd>0 B</dd>"));
}

TEST_F(PortalSiteTest, AVoucherIsAskedForAsTyped) {
    const Submission submission =
        submit("/sign-in", "&method=voucher&voucher=k7qf+m2xw+9rtd&user=ada", stranger());
    EXPECT_EQ(std::get<ipc::SignIn>(submission.question),
              (ipc::SignIn{.flow = flow_,
                           .client = *stranger().client,
                           .method = "voucher",
                           .voucher = "k7qf m2xw 9rtd"}));
    ipc::Reply reply;
    reply.outcome = ipc::Outcome::refused;
    const http::Response refused = site_.conclude(submission, reply, kNow);
    EXPECT_EQ(refused.result_int(), 403u);
    EXPECT_THAT(refused.body(), HasSubstr("This code is not valid or has been used up."));
    EXPECT_THAT(refused.body(), HasSubstr("value=\"k7qf m2xw 9rtd\""));
}

TEST_F(PortalSiteTest, AVouchersLinkFillsTheFormAndSignsNobodyIn) {
    EXPECT_THAT(answer(get("/?voucher=k7qf-m2xw-9rtd"), stranger()).body(),
                HasSubstr("name=\"voucher\" class=\"code\" value=\"K7QF-M2XW-9RTD\""));
    for (const char* none : {"/?voucher=%22%3E%3Cb", "/?voucher=Call+us+at+12345",
                             "/?voucher=a%00b", "/?voucher=%ff", "/"})
        EXPECT_THAT(answer(get(none), stranger()).body(),
                    HasSubstr("name=\"voucher\" class=\"code\" value=\"\""))
            << none;
}

TEST_F(PortalSiteTest, ABusyPortalBlamesNobody) {
    const Submission submission = submit("/sign-in", "&method=click-through", stranger());
    ipc::Reply reply;
    reply.outcome = ipc::Outcome::busy;
    reply.retry_after = Seconds(2);
    const http::Response busy = site_.conclude(submission, reply, kNow);
    EXPECT_EQ(busy.result_int(), 503u);
    EXPECT_THAT(busy.body(), Not(HasSubstr("too often")));
    EXPECT_NE(busy[http::Field::retry_after], "");
}

TEST_F(PortalSiteTest, AFormNeedsItsToken) {
    for (const std::string& text :
         {std::string(), std::string("token=0000"), "token=" + std::string(64, '0')}) {
        const http::Response response =
            answer(post("/sign-in", text + "&method=click-through"), stranger());
        EXPECT_EQ(response.result_int(), 403u);
        EXPECT_THAT(response.body(), HasSubstr("out of date"));
    }
    ipc::Caller other = stranger();
    other.client = ClientId{Mac{{2, 0, 0, 0, 0, 2}}, 0};
    const http::Response stolen =
        answer(post("/sign-in", "token=" + token(stranger()) + "&method=click-through"), other);
    EXPECT_EQ(stolen.result_int(), 403u);
    EXPECT_EQ(answer(post("/sign-out", "token=0"), guest()).result_int(), 403u);
}

TEST_F(PortalSiteTest, FormsOfOtherSitesAreRefused) {
    const std::string body = "token=" + token(stranger()) + "&method=click-through";
    const auto with_origin = [&](const char* origin) {
        http::Request request = post("/sign-in", body);
        request.set(http::Field::origin, origin);
        return receive(request, stranger());
    };
    for (const char* foreign : {"http://evil.example", "http://portal.example.net.evil.example",
                                "nonsense", "http://[", "file:///"}) {
        const auto received = with_origin(foreign);
        ASSERT_TRUE(std::holds_alternative<http::Response>(received)) << foreign;
        EXPECT_EQ(std::get<http::Response>(received).result_int(), 403u);
    }
    for (const char* own : {"http://portal.example.net", "http://PORTAL.example.net:80", "null"})
        EXPECT_TRUE(std::holds_alternative<Submission>(with_origin(own))) << own;
}

TEST_F(PortalSiteTest, WhatIsNoFormOfOursIsRefused) {
    http::Request json = post("/sign-in", "{}");
    json.set(http::Field::content_type, "application/json");
    EXPECT_EQ(answer(json, stranger()).result_int(), 400u);
    EXPECT_EQ(answer(post("/sign-in", "a=%zz"), stranger()).result_int(), 400u);
    const std::string start = "token=" + token(stranger());
    EXPECT_EQ(answer(post("/sign-in", start), stranger()).result_int(), 400u);
    EXPECT_EQ(answer(post("/sign-in", start + "&method=operator"), stranger()).result_int(), 400u);
}

TEST_F(PortalSiteTest, AMethodThatIsNotConfiguredIsRefused) {
    ipc::Configuration only_password = configuration();
    only_password.click_through = false;
    const PortalSite site(only_password);
    const auto front = get("/");
    const std::string body =
        std::get<http::Response>(
            site.receive(front, *http::parse_target(front), flow_, stranger(), kNow))
            .body();
    const std::string before = "name=\"token\" value=\"";
    const std::string token = body.substr(body.find(before) + before.size(), 64);
    const auto form = post("/sign-in", "token=" + token + "&method=click-through");
    const auto received = site.receive(form, *http::parse_target(form), flow_, stranger(), kNow);
    ASSERT_TRUE(std::holds_alternative<http::Response>(received));
    EXPECT_EQ(std::get<http::Response>(received).result_int(), 400u);
}

TEST_F(PortalSiteTest, ALinkThatIsNoneIsForgotten) {
    for (const char* url : {"javascript:alert(1)", "//evil.example/", "/x", "ftp://a/"}) {
        const std::string body = answer(get("/status?url=" + std::string(url)), guest()).body();
        EXPECT_THAT(body, Not(HasSubstr("Continue to"))) << url;
    }
}

TEST_F(PortalSiteTest, SpeaksTheGuestsLanguage) {
    http::Request request = get("/");
    request.insert(http::Field::accept_language, "tlh");
    request.insert(http::Field::accept_language, "de-CH, en;q=0.9");
    const http::Response german = answer(request, stranger());
    EXPECT_EQ(german[http::Field::content_language], "de");
    EXPECT_THAT(german.body(), HasSubstr("<html lang=\"de\" dir=\"ltr\">"));
    EXPECT_THAT(german.body(), HasSubstr("Mit dem Internet verbinden"));

    request.target("/?lang=ar");
    const http::Response arabic = answer(request, stranger());
    EXPECT_THAT(arabic.body(), HasSubstr("<html lang=\"ar\" dir=\"rtl\">"));
    EXPECT_THAT(arabic.body(), HasSubstr("type=\"hidden\" name=\"lang\" value=\"ar\""));
    EXPECT_THAT(german.body(), Not(HasSubstr("name=\"lang\" value=\"de\">\n")));

    request.target("/?lang=%22%3E%3Cscript%3E");
    EXPECT_EQ(answer(request, stranger())[http::Field::content_language], "de");
}

TEST_F(PortalSiteTest, AChosenLanguageStays) {
    const Submission submission = submit(
        "/sign-in", "&method=click-through&lang=fr&url=http%3A%2F%2Fexample.org%2F", stranger());
    ipc::Reply reply;
    EXPECT_EQ(site_.conclude(submission, reply, kNow)[http::Field::location],
              "/status?url=http%3A%2F%2Fexample.org%2F&lang=fr");
    reply.outcome = ipc::Outcome::throttled;
    EXPECT_EQ(site_.conclude(submission, reply, kNow)[http::Field::content_language], "fr");
    EXPECT_EQ(answer(get("/status?lang=fr"), stranger())[http::Field::location], "/?lang=fr");
    EXPECT_EQ(
        site_.conclude(submit("/sign-out", "&lang=fr", guest()), {}, kNow)[http::Field::location],
        "/?lang=fr");
}

TEST_F(PortalSiteTest, ServesTheVenuesTermsAndLogo) {
    EXPECT_EQ(answer(get("/terms"), stranger()).result_int(), 404u);
    EXPECT_EQ(answer(get("/logo"), stranger()).result_int(), 404u);

    ipc::Configuration venue = configuration();
    venue.terms = "Be <kind>.\n\nThank you,\nthe crew\n";
    venue.logo = ipc::Logo{"image/svg+xml", "<svg/>"};
    const PortalSite site(venue);
    const auto ask = [&](http::Request request) {
        const auto received =
            site.receive(request, *http::parse_target(request), flow_, ipc::Caller{}, kNow);
        return std::get<http::Response>(received);
    };
    const http::Response terms = ask(get("/terms?url=http://example.org/&lang=de"));
    EXPECT_EQ(terms.result_int(), 200u);
    EXPECT_THAT(terms.body(), HasSubstr("<p class=\"text\" dir=\"auto\">Be &lt;kind&gt;.</p>"));
    EXPECT_THAT(terms.body(), HasSubstr(">Thank you,\nthe crew</p>"));
    EXPECT_THAT(terms.body(), HasSubstr("href=\"/?url=http%3A%2F%2Fexample.org%2F&amp;lang=de\""));

    const http::Response logo = ask(get("/logo"));
    EXPECT_EQ(logo.result_int(), 200u);
    EXPECT_EQ(logo.body(), "<svg/>");
    EXPECT_EQ(logo[http::Field::content_type], "image/svg+xml");
    EXPECT_EQ(logo["Content-Security-Policy"],
              "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox");
    EXPECT_EQ(logo["X-Content-Type-Options"], "nosniff");
    EXPECT_EQ(ask(post("/terms", "")).result_int(), 405u);
}

}  // namespace
}  // namespace portal::responder
