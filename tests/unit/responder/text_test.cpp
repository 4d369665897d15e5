// The parts of responder/ that are about text: Accept, URLs, forms, tokens.
#include <gtest/gtest.h>
#include <sodium.h>

#include "responder/accept.h"
#include "responder/form.h"
#include "responder/form_token.h"
#include "responder/login_url.h"
#include "responder/original_url.h"
#include "responder/portal_host.h"

namespace portal::responder {
namespace {

TEST(Accept, PrefersJsonOnlyWhereItIsAskedFor) {
    for (const char* json :
         {"application/json", "application/problem+json", "application/vnd.api+json",
          "APPLICATION/JSON", "application/json, */*", "application/json, text/plain, */*",
          "text/html;q=0.5, application/json", "application/*", "application/json;q=0.1",
          "application/json;charset=utf-8", "text/html;q=0, */*",
          "text/html;q=bad, application/json;q=0.1", "text/html;q=0.9,application/json;q=0.901",
          "application/x;v=\"a,text/html\", application/json"})
        EXPECT_TRUE(prefers_json(json)) << json;
    for (const char* html :
         {"", "*/*", "text/html", "text/html, application/json", "application/json;q=0.9, */*",
          "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
          "application/json;q=0.5, text/html", "application/json;q=0", "image/png", "text/*",
          "application/json;q=1.5", "application/json;q=0.1234", "json", "/", "*/json",
          ",,;,=", "application/json;q=\"1\"", "application/json;q="})
        EXPECT_FALSE(prefers_json(html)) << html;
}

TEST(CarriedUrl, KeepsOnlyWhatIsSafeToShow) {
    EXPECT_EQ(carried_url("http://example.net/a/b"), "http://example.net/a/b");
    EXPECT_EQ(carried_url("https://example.net:8443"), "https://example.net:8443");
    EXPECT_EQ(carried_url("http://u:p@example.net/a?token=1#frag"), "http://example.net/a");
    EXPECT_EQ(carried_url("http://bank.example@evil.example/"), "http://evil.example/");
    EXPECT_EQ(carried_url("http://[2001:db8::1]/"), "http://[2001:db8::1]/");
    EXPECT_EQ(carried_url("htTP://Example.net/A"), "http://example.net/A");
    EXPECT_FALSE(carried_url("http://user:p@bank.example@evil.example/"));
}

TEST(CarriedUrl, RefusesEverythingElse) {
    for (const char* text :
         {"", "/relative", "//example.net/", "http:/one", "http:example.net", "http://",
          "http:///path", "javascript:alert(1)", "data:text/html,x", "ftp://example.net/",
          "http://example.net/\"><script>", "http://example.net/a b", "http://example.net/\r\nX: y",
          "http://example.net/%zz", " http://example.net/", "http://exa\xff.net/"})
        EXPECT_FALSE(carried_url(text)) << text;
    const std::string longest = "http://example.net/" + std::string(kLongestOriginalUrl - 19, 'a');
    EXPECT_TRUE(carried_url(longest));
    EXPECT_FALSE(carried_url(longest + "a"));
}

std::optional<std::string> original(http::Method method, const std::string& target,
                                    const std::string& host) {
    http::Request request(method, target, 11);
    request.set(http::Field::host, host);
    const auto parsed = http::parse_target(request);
    return parsed ? original_url(request, *parsed) : std::nullopt;
}

TEST(OriginalUrl, IsWhatWasAskedFor) {
    EXPECT_EQ(original(http::Method::get, "/a?secret=1", "Example.net"), "http://example.net/a");
    EXPECT_EQ(original(http::Method::head, "/", "example.net:81"), "http://example.net:81/");
    EXPECT_EQ(original(http::Method::get, "https://u@other.example/x?y", "example.net"),
              "https://other.example/x");
    EXPECT_EQ(original(http::Method::get, "/a|b^\"<'%20", "example.net"),
              "http://example.net/a%7Cb%5E%22%3C'%20");
}

TEST(OriginalUrl, IsNoneWhereALinkWouldBeWrong) {
    EXPECT_FALSE(original(http::Method::post, "/a", "example.net"));
    EXPECT_FALSE(original(http::Method::connect, "example.net:443", "example.net"));
    EXPECT_FALSE(original(http::Method::options, "*", "example.net"));
    EXPECT_FALSE(original(http::Method::get, "*", "example.net"));
    EXPECT_FALSE(original(http::Method::get, "/a", ""));
    EXPECT_FALSE(original(http::Method::get, "/%", "example.net"));
    EXPECT_FALSE(original(http::Method::get, "ftp://example.net/", "example.net"));
    EXPECT_FALSE(original(http::Method::get, "/" + std::string(2000, 'a'), "example.net"));
}

TEST(LoginUrl, IsMadeOfWhatIsConfigured) {
    ipc::Configuration configuration;
    EXPECT_FALSE(login_url(configuration, std::nullopt, std::nullopt));
    EXPECT_EQ(login_url(configuration, *parse_ip_address("192.0.2.1"), std::nullopt),
              "http://192.0.2.1/");
    EXPECT_EQ(
        login_url(configuration, *parse_ip_address("2001:db8::1"), OriginalUrl{"http://a/b", {}}),
        "http://[2001:db8::1]/?url=http%3A%2F%2Fa%2Fb");
    configuration.hostname = "portal.example.net";
    configuration.http_port = 8080;
    EXPECT_EQ(login_url(configuration, *parse_ip_address("192.0.2.1"), std::nullopt),
              "http://portal.example.net:8080/");
    configuration.login_url = "https://login.example.net/start?venue=7#top";
    EXPECT_EQ(login_url(configuration, std::nullopt, OriginalUrl{"http://a/?&", "5ea1"}),
              "https://login.example.net/start?venue=7&url=http%3A%2F%2Fa%2F%3F%26&seal=5ea1#top");
    EXPECT_EQ(login_url(configuration, std::nullopt, std::nullopt), configuration.login_url);
    configuration.login_url = "https://login.example.net/?";
    EXPECT_EQ(login_url(configuration, std::nullopt, OriginalUrl{"http://a/", {}}),
              "https://login.example.net/?url=http%3A%2F%2Fa%2F");
}

TEST(PortalHost, IsTheNameOrTheAddressOfAConnectionThatGoesThere) {
    ipc::Configuration configuration;
    configuration.hostname = "Portal.example.net";
    ipc::Caller caller;
    caller.to_portal = true;
    caller.portal_address = *parse_ip_address("192.0.2.1");
    const auto is_ours = [&](const char* host) {
        return is_portal(configuration, *http::parse_authority(host), caller);
    };
    for (const char* host : {"portal.example.net", "PORTAL.example.net.", "portal.example.net:81",
                             "192.0.2.1", "192.0.2.1:80"})
        EXPECT_TRUE(is_ours(host)) << host;
    for (const char* host : {"", "example.net", "portal.example.net.evil.example", "192.0.2.2"})
        EXPECT_FALSE(is_ours(host)) << host;
    caller.to_portal = false;
    EXPECT_FALSE(is_ours("192.0.2.1"));
    EXPECT_TRUE(is_ours("portal.example.net"));
    caller = {};
    EXPECT_FALSE(is_ours("192.0.2.1"));
    configuration.hostname.clear();
    EXPECT_FALSE(is_ours(""));
}

TEST(FormBody, IsDecoded) {
    const auto form = parse_form("user=a+b%2Bc&password=%26%3D%00&user=second&empty=&bare");
    ASSERT_TRUE(form);
    EXPECT_EQ(field(*form, "user"), "a b+c");
    EXPECT_EQ(field(*form, "password"), std::string("&=\0", 3));
    EXPECT_EQ(field(*form, "empty"), "");
    EXPECT_EQ(field(*form, "absent"), "");
    EXPECT_TRUE(parse_form(""));
}

TEST(FormBody, IsBounded) {
    EXPECT_FALSE(parse_form("a=%zz"));
    EXPECT_FALSE(parse_form("a=\n"));
    EXPECT_FALSE(parse_form("a=" + std::string(kLargestForm, 'x')));
    std::string many = "f=0";
    for (int i = 0; i < 16; ++i)
        many += "&f" + std::to_string(i) + "=";
    EXPECT_FALSE(parse_form(many));
}

TEST(FormBody, IsAnnouncedByTypeAndLength) {
    http::Request request(http::Method::post, "/sign-in", 11);
    request.set(http::Field::content_type, "Application/X-WWW-Form-URLencoded ; charset=utf-8");
    request.set(http::Field::content_length, "10");
    EXPECT_TRUE(announces_form(request));
    request.set(http::Field::content_length, std::to_string(kLargestForm + 1));
    EXPECT_FALSE(announces_form(request));
    request.erase(http::Field::content_length);
    EXPECT_FALSE(announces_form(request));
    request.set(http::Field::content_length, "10");
    request.set(http::Field::content_type, "multipart/form-data");
    EXPECT_FALSE(announces_form(request));
}

const std::string kSealKey(64, '1');
const std::string kOtherKey(64, '2');

TEST(FormToken, IsOfOneClientForAnHourOrTwo) {
    ASSERT_GE(sodium_init(), 0);
    const FormToken token(kSealKey);
    const ClientId ada{Mac{{2, 0, 0, 0, 0, 1}}, 0};
    const ClientId bob{Mac{{2, 0, 0, 0, 0, 1}}, 5};
    const FormToken::Time issued(std::chrono::hours(100) + std::chrono::minutes(59));
    const std::string text = token.issue(ada, issued);
    EXPECT_TRUE(token.valid(text, ada, issued));
    EXPECT_TRUE(token.valid(text, ada, issued + std::chrono::hours(1)));
    EXPECT_FALSE(token.valid(text, ada, issued + std::chrono::hours(2)));
    EXPECT_FALSE(token.valid(text, ada, issued - std::chrono::hours(1)));
    EXPECT_FALSE(token.valid(text, bob, issued));
    EXPECT_FALSE(token.valid("", ada, issued));
    EXPECT_FALSE(token.valid(text + "0", ada, issued));
    EXPECT_FALSE(FormToken(kOtherKey).valid(text, ada, issued));
    EXPECT_TRUE(FormToken(kSealKey).valid(text, ada, issued)) << "after a restart";
}

}  // namespace
}  // namespace portal::responder
