// The parts of http/ that are about text: first bytes, authorities, targets, dates.
#include <gtest/gtest.h>

#include "http/authority.h"
#include "http/date.h"
#include "http/first_bytes.h"
#include "http/target.h"

namespace portal::http {
namespace {

constexpr std::size_t kLimit = 64;

struct FirstBytesCase {
    const char* name;
    std::string bytes;
    FirstBytes expected;
};

class FirstBytesTest : public testing::TestWithParam<FirstBytesCase> {};

TEST_P(FirstBytesTest, IsClassified) {
    EXPECT_EQ(classify(GetParam().bytes, kLimit), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, FirstBytesTest,
    testing::Values(
        FirstBytesCase{"Nothing", "", FirstBytes::incomplete},
        FirstBytesCase{"HalfALine", "GET / HTTP/1.", FirstBytes::incomplete},
        FirstBytesCase{"Http11", "GET / HTTP/1.1\r\n", FirstBytes::request},
        FirstBytesCase{"Http10", "GET / HTTP/1.0\r\n", FirstBytes::request},
        FirstBytesCase{"InventedMethod", "M-SEARCH * HTTP/1.1\r\n", FirstBytes::request},
        FirstBytesCase{"Http12", "GET / HTTP/1.2\r\n", FirstBytes::unsupported},
        FirstBytesCase{"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", FirstBytes::foreign},
        FirstBytesCase{"Http3", "GET / HTTP/3\r\n", FirstBytes::foreign},
        FirstBytesCase{"TlsFirstByte", "\x16", FirstBytes::incomplete},
        FirstBytesCase{"TlsClientHello", "\x16\x03\x01\x02", FirstBytes::foreign},
        FirstBytesCase{"NotTls", "\x16\x16", FirstBytes::malformed},
        FirstBytesCase{"Http09", "GET /\r\n", FirstBytes::malformed},
        FirstBytesCase{"BareLineFeed", "GET / HTTP/1.1\n", FirstBytes::malformed},
        FirstBytesCase{"Binary", std::string(1, '\0'), FirstBytes::malformed},
        FirstBytesCase{"Ssh", "SSH-2.0-OpenSSH_9.2\r\n", FirstBytes::malformed},
        FirstBytesCase{"LowerCaseVersion", "GET / http/1.1\r\n", FirstBytes::malformed},
        FirstBytesCase{"EmptyVersion", "GET / HTTP/\r\n", FirstBytes::malformed},
        FirstBytesCase{"Endless", std::string(kLimit, 'A'), FirstBytes::too_long},
        FirstBytesCase{"AlmostEndless", std::string(kLimit - 1, 'A'), FirstBytes::incomplete}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Authority, TakesHostsAsTheyCome) {
    EXPECT_EQ(parse_authority("Example.NET"), (Authority{"example.net", ""}));
    EXPECT_EQ(parse_authority("example.net:8080"), (Authority{"example.net", "8080"}));
    EXPECT_EQ(parse_authority("[2001:db8::1]:80"), (Authority{"[2001:db8::1]", "80"}));
    EXPECT_EQ(parse_authority(""), (Authority{}));
    EXPECT_EQ(parse_authority("under_score.example"), (Authority{"under_score.example", ""}));
}

TEST(Authority, RefusesWhatIsNone) {
    for (const char* text : {"a b", "user@example.net", "example.net/x", "a\"b", "[::1", "a:b:c",
                             "example.net:80x", "<script>", "a,b c"})
        EXPECT_FALSE(parse_authority(text)) << text;
}

TEST(Authority, KnowsLiteralAddresses) {
    EXPECT_EQ(parse_authority("192.0.2.1:80")->address(), *parse_ip_address("192.0.2.1"));
    EXPECT_EQ(parse_authority("[2001:DB8::1]")->address(), *parse_ip_address("2001:db8::1"));
    EXPECT_FALSE(parse_authority("example.net")->address());
    EXPECT_EQ(parse_authority("[2001:db8::1]:80")->to_string(), "[2001:db8::1]:80");
}

Request request(Method method, const std::string& target, const std::string& host) {
    Request request(method, target, 11);
    request.set(Field::host, host);
    return request;
}

TEST(Target, OriginForm) {
    const auto target = parse_target(request(Method::get, "/a/b|c?x=1#f", "example.net:81"));
    ASSERT_TRUE(target);
    EXPECT_EQ(target->scheme, "http");
    EXPECT_EQ(target->authority, (Authority{"example.net", "81"}));
    EXPECT_EQ(target->path, "/a/b|c");
    EXPECT_EQ(target->query, "x=1");
}

TEST(Target, AbsoluteFormStandsAboveHost) {
    const auto target =
        parse_target(request(Method::get, "HTTP://u:p@Other.example?q", "example.net"));
    ASSERT_TRUE(target);
    EXPECT_EQ(target->scheme, "http");
    EXPECT_EQ(target->authority, (Authority{"other.example", ""}));
    EXPECT_EQ(target->path, "/");
    EXPECT_EQ(target->query, "q");
}

TEST(Target, AuthorityAndAsteriskForms) {
    const auto tunnel = parse_target(request(Method::connect, "other.example:443", "x"));
    ASSERT_TRUE(tunnel);
    EXPECT_EQ(tunnel->authority, (Authority{"other.example", "443"}));
    EXPECT_EQ(tunnel->path, "");
    const auto all = parse_target(request(Method::options, "*", "example.net"));
    ASSERT_TRUE(all);
    EXPECT_EQ(all->authority, (Authority{"example.net", ""}));
    EXPECT_EQ(all->path, "*");
}

TEST(Target, RefusesWhatIsNone) {
    EXPECT_FALSE(parse_target(request(Method::get, "no-slash", "example.net")));
    EXPECT_FALSE(parse_target(request(Method::get, "http:no-authority", "example.net")));
    EXPECT_FALSE(
        parse_target(request(Method::get, "http://user:p@a.example@b.example/", "example.net")));
}

TEST(Date, IsImfFixdate) {
    EXPECT_EQ(format_date(std::chrono::sys_seconds(std::chrono::seconds(784111777))),
              "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace portal::http
