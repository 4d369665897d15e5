// Every page in every language: nothing hostile gets through, nothing is loaded, nothing is large.
#include "responder/portal_pages.h"

#include <gmock/gmock.h>
#include <sodium.h>

#include "responder/page.h"
#include "unit/responder/fake_portald.h"

namespace portal::responder {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using http_status = boost::beast::http::status;

constexpr std::size_t kLargestPage = 15'000;

const std::string kHostile = "\"><script>alert(1)</script>&'{{title}}{venue}";

ipc::Configuration full() {
    ipc::Configuration configuration;
    configuration.portal_name = kHostile;
    configuration.click_through = true;
    configuration.password = true;
    configuration.voucher = true;
    configuration.remote = true;
    configuration.terms = "Be " + kHostile;
    configuration.logo = ipc::Logo{"image/png", "\x89PNG"};
    return configuration;
}

// As carried_url() would let it through.
const Carried kHostileCarried{
    .original = OriginalUrl{"http://a'&.example/" + std::string(1000, '\''), std::string(64, 'f')},
    .lang = "de"};

std::vector<http::Response> every_page(const PortalPages& pages, const Locale& locale,
                                       const Carried& carried = kHostileCarried) {
    ipc::Caller guest = test::guest();
    guest.user = kHostile;
    ipc::Caller trusted = test::stranger();
    trusted.state = ClientState::trusted;
    std::vector<http::Response> all{
        pages.sign_in(locale, http_status::ok,
                      {.token = "t", .carried = carried, .user = kHostile, .voucher = kHostile}),
        pages.status(locale, http_status::ok, guest,
                     {.token = "t", .carried = carried, .outdated = true}),
        pages.status(locale, http_status::ok, trusted, {.token = "t"}),
        pages.terms(locale, carried),
        pages.unrecognised(locale, carried),
        pages.unavailable(locale, carried),
        pages.throttled(locale, Seconds(90), carried),
        pages.busy(locale, Seconds(2), carried),
        pages.failed(locale, carried),
        pages.bad_form(locale),
        pages.foreign_form(locale),
        pages.not_found(locale),
        pages.method_not_allowed(locale, "GET")};
    for (const Refusal refusal :
         {Refusal::outdated, Refusal::password, Refusal::voucher, Refusal::remote, Refusal::device,
          Refusal::elsewhere, Refusal::not_now, Refusal::devices})
        all.push_back(pages.sign_in(locale, http_status::forbidden,
                                    {.token = "t", .user = kHostile, .refusal = refusal}));
    return all;
}

class PortalPagesTest : public testing::TestWithParam<std::string> {
  protected:
    static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }
    const Locale& locale() const { return *find_locale(GetParam()); }
};

TEST_P(PortalPagesTest, LetNothingHostileThrough) {
    for (const http::Response& response : every_page(PortalPages(full()), locale())) {
        EXPECT_THAT(response.body(), Not(HasSubstr("<script")));
        EXPECT_THAT(response.body(), Not(HasSubstr("alert(1)</")));
        EXPECT_THAT(response.body(), HasSubstr("{{title}}{venue}</title>"));
        EXPECT_THAT(response.body(), Not(HasSubstr("a'&")));
    }
}

TEST_P(PortalPagesTest, AreUncachedUnframedAndScriptless) {
    for (const http::Response& response : every_page(PortalPages(full()), locale())) {
        EXPECT_EQ(response[http::Field::cache_control], "no-store");
        EXPECT_EQ(response["X-Content-Type-Options"], "nosniff");
        EXPECT_EQ(response["Referrer-Policy"], "same-origin");
        EXPECT_EQ(response[http::Field::content_language], locale().tag());
        EXPECT_FALSE(response.keep_alive());
        EXPECT_EQ(response.count(http::Field::set_cookie), 0u);
        EXPECT_EQ(response.count("Refresh"), 0u);
        EXPECT_NE(response.result_int(), 511u);
        EXPECT_THAT(response.body(), HasSubstr("<html lang=\"" + locale().tag() + "\" dir=\"" +
                                               locale().direction() + "\">"));
        const std::size_t start = response.body().find("<style>") + 7;
        const std::string style =
            response.body().substr(start, response.body().find("</style>") - start);
        EXPECT_THAT(std::string(response["Content-Security-Policy"]),
                    AllOf(HasSubstr("default-src 'none'; style-src " + style_source(style) +
                                    "; img-src 'self'; form-action 'self'"),
                          HasSubstr("; frame-ancestors 'none'; base-uri 'none'"),
                          Not(HasSubstr("script"))));
    }
}

TEST_P(PortalPagesTest, AreSmall) {
    // Its path is as long as most browsers allow to see, and in as many places as there are forms.
    const Carried carried{.original = OriginalUrl{"http://www.example.org/" + std::string(500, 'a'),
                                                  std::string(64, 'f')},
                          .lang = "de"};
    for (const http::Response& response : every_page(PortalPages(full()), locale(), carried))
        EXPECT_LT(response.body().size(), kLargestPage) << response.body().substr(0, 400);
}

TEST_P(PortalPagesTest, OfferEveryLanguage) {
    for (const http::Response& response : every_page(PortalPages(full()), locale()))
        for (const Locale& other : locales())
            EXPECT_THAT(response.body(), HasSubstr("<button name=\"lang\" value=\"" + other.tag()));
}

std::vector<std::string> tags() {
    std::vector<std::string> all;
    for (const Locale& locale : locales())
        all.push_back(locale.tag());
    return all;
}

INSTANTIATE_TEST_SUITE_P(All, PortalPagesTest, testing::ValuesIn(tags()),
                         [](const auto& tag) { return tag.param; });

class SignInPage : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }
    http::Response shown(const SignInView& view = {.token = "t"}) const {
        return PortalPages(configuration_).sign_in(locales().front(), http_status::ok, view);
    }
    std::string body(const SignInView& view = {.token = "t"}) const { return shown(view).body(); }

    ipc::Configuration configuration_;
};

TEST_F(SignInPage, HasAFormForEachMethod) {
    configuration_.voucher = true;
    EXPECT_THAT(body(),
                AllOf(HasSubstr("name=\"method\" value=\"voucher\""), HasSubstr("name=\"voucher\""),
                      Not(HasSubstr("class=\"or\"")), Not(HasSubstr("class=\"quiet\"")),
                      Not(HasSubstr("type=\"password\"")), Not(HasSubstr("/remote"))));
    configuration_.password = true;
    EXPECT_THAT(body(), AllOf(HasSubstr("name=\"method\" value=\"password\""),
                              HasSubstr("type=\"password\""), HasSubstr("class=\"or\""),
                              Not(HasSubstr("value=\"click-through\""))));
    configuration_ = {};
    configuration_.remote = true;
    EXPECT_THAT(body(), AllOf(HasSubstr("class=\"button\" href=\"/remote\""),
                              Not(HasSubstr("method=\"post\""))));
    configuration_ = {};
    EXPECT_THAT(body(), AllOf(HasSubstr("ask the staff"), Not(HasSubstr("method=\"post\""))));
}

TEST_F(SignInPage, TheWayThroughARemoteSiteCarriesWhatThisPageDoes) {
    configuration_.remote = true;
    EXPECT_THAT(
        body({.token = "t", .carried = {OriginalUrl{"http://a.example/", "00ff"}, "en"}}),
        HasSubstr("href=\"/remote?url=http%3A%2F%2Fa.example%2F&amp;seal=00ff&amp;lang=en\""));
}

TEST_F(SignInPage, ThereAreOnlyTermsWhereTheVenueHasThem) {
    configuration_.click_through = true;
    EXPECT_THAT(body(), Not(HasSubstr("terms of use")));
    configuration_.terms = "Be kind.";
    EXPECT_THAT(body(),
                HasSubstr("By connecting you accept the <a href=\"/terms\">terms of use</a>."));
}

TEST_F(SignInPage, ARefusalLeadsToItsField) {
    configuration_.voucher = true;
    configuration_.password = true;
    EXPECT_THAT(body(), AllOf(Not(HasSubstr("role=\"alert\"")), Not(HasSubstr("aria-invalid="))));
    const std::string voucher = body({.token = "t", .voucher = "K7", .refusal = Refusal::voucher});
    EXPECT_THAT(voucher, HasSubstr("role=\"alert\"><a href=\"#voucher\">This code is not valid or "
                                   "has been used up.</a>"));
    EXPECT_THAT(voucher,
                HasSubstr("dir=\"ltr\" aria-invalid=\"true\" aria-describedby=\"alert\">"));
    EXPECT_THAT(voucher, HasSubstr("<title>This code is not valid"));
    EXPECT_EQ(voucher.find("aria-invalid="), voucher.rfind("aria-invalid="));
    const std::string password = body({.token = "t", .refusal = Refusal::password});
    EXPECT_THAT(password, HasSubstr("<a href=\"#user\">"));
    EXPECT_NE(password.find("aria-invalid="), password.rfind("aria-invalid="));
    EXPECT_THAT(body({.token = "t", .refusal = Refusal::device}), Not(HasSubstr("aria-invalid=")));
}

TEST_F(SignInPage, LetsASealedFormEndOnItsSite) {
    const auto policy = [&](const Carried& carried) {
        return std::string(shown({.token = "t", .carried = carried})["Content-Security-Policy"]);
    };
    EXPECT_THAT(policy({}), HasSubstr("form-action 'self';"));
    EXPECT_THAT(policy({.original = OriginalUrl{"http://a.example/", ""}}),
                HasSubstr("form-action 'self';"));
    EXPECT_THAT(policy({.original = OriginalUrl{"http://a.example/", "00"}}),
                HasSubstr("form-action 'self' http: https:;"));
}

TEST_F(SignInPage, LoadsAPictureOnlyWhereThereIsOne) {
    EXPECT_THAT(body(), Not(HasSubstr("<img")));
    EXPECT_THAT(std::string(shown()["Content-Security-Policy"]), Not(HasSubstr("img-src")));
    configuration_.logo = ipc::Logo{"image/png", "\x89PNG"};
    EXPECT_THAT(body(), HasSubstr("<img src=\"/logo\" alt=\"\">"));
}

TEST_F(SignInPage, WearsTheVenuesColour) {
    configuration_.accent_color = {0x7a, 0x1f, 0x4b};
    EXPECT_THAT(body(), HasSubstr("--accent:#7a1f4b"));
}

}  // namespace
}  // namespace portal::responder
