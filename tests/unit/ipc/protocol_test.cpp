#include "ipc/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

namespace portal::ipc {
namespace {

using testing::HasSubstr;

ClientId guest() {
    return {.mac = {{2, 0, 0, 0, 0, 1}}, .vlan = 100};
}

Flow flow() {
    return {.client = *parse_ip_address("192.0.2.10"),
            .client_port = 40000,
            .server = *parse_ip_address("2001:db8::1"),
            .server_port = 80};
}

Configuration configuration() {
    return {.portal_name = "Café \"Example\"",
            .hostname = "portal.example.net",
            .login_url = "https://portal.example.net/?a=b",
            .http_port = 8080,
            .https_port = 8443,
            .tls = Tls{.certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n", .key = "secret\n"},
            .venue_info_url = "https://www.example.net/",
            .click_through = true,
            .password = true,
            .voucher = true,
            .remote = true,
            .remote_listener = true,
            .probe_compatibility = false,
            .seal_key = std::string(64, 'a'),
            .logo = Logo{"image/png", std::string("\x89PNG\r\n\0\xff", 8)},
            .accent_color = {0x7a, 0x1f, 0x4b},
            .terms = "Be kind.\n\nÜber alles \"andere\"."};
}

Reply full_reply() {
    return {.id = 7,
            .outcome = Outcome::throttled,
            .retry_after = Seconds(90),
            .devices = 3,
            .location = "https://venue.example.net/?token=a.b-_.c",
            .sealed = true,
            .caller = {.client = ClientId{Mac{{2, 0, 0, 0, 0, 1}}, 100},
                       .state = ClientState::authorized,
                       .user = "ada",
                       .remaining = Seconds(3600),
                       .usage = Usage{1, ~std::uint64_t{0}, 3, 4},
                       .data_remaining = ~std::uint64_t{0},
                       .to_portal = true,
                       .portal_address = *parse_ip_address("192.0.2.1")}};
}

TEST(Protocol, ConfigurationComesBackAsItWas) {
    EXPECT_EQ(decode_configuration(encode(configuration())), configuration());
    EXPECT_EQ(decode_configuration(encode(Configuration{})), Configuration{});
}

TEST(Protocol, TheLargestConfigurationFitsItsMessage) {
    Configuration largest = configuration();
    largest.logo->bytes.assign(kLargestLogo, '\xff');
    largest.terms.assign(kLargestTerms, '"');
    EXPECT_LE(encode(largest).size(), kLargestConfiguration);
    EXPECT_EQ(decode_configuration(encode(largest)), largest);
    largest.logo->bytes += 'x';
    EXPECT_FALSE(decode_configuration(encode(largest)));
}

TEST(Protocol, RequestsComeBackAsTheyWere) {
    const Request who{.id = 1, .body = WhoIs{flow()}};
    const Request in{
        .id = ~std::uint64_t{0},
        .body = SignIn{flow(), guest(), "password", "ada", std::string("p\0\"\n\xc3\xa9", 6)}};
    const Request voucher{
        .id = 2,
        .body = SignIn{
            .flow = flow(), .client = guest(), .method = "voucher", .voucher = "k7qf m2xw 9rtd"}};
    const Request out{.id = 3, .body = SignOut{flow(), guest()}};
    const Request start{.id = 4,
                        .body = RemoteStart{flow(), guest(), "http://example.org/a", true}};
    const Request without{.id = 5, .body = RemoteStart{flow(), guest(), "", false}};
    const Request back{.id = 6, .body = RemoteReturn{flow(), guest(), "aB0.-_.c"}};
    const Request call{.id = 7,
                       .body = RemoteCallback{*parse_ip_address("2001:db8::7"), "aB0.-_.c"}};
    for (const Request& request : {who, in, voucher, out, start, without, back, call})
        EXPECT_EQ(decode_request(encode(request)), request);
}

TEST(Protocol, RepliesComeBackAsTheyWere) {
    EXPECT_EQ(decode_reply(encode(full_reply())), full_reply());
    EXPECT_EQ(decode_reply(encode(Reply{})), Reply{});
    for (const Outcome outcome :
         {Outcome::done, Outcome::refused, Outcome::elsewhere, Outcome::not_now, Outcome::devices,
          Outcome::replayed, Outcome::throttled, Outcome::busy, Outcome::unknown,
          Outcome::failed}) {
        Reply reply;
        reply.outcome = outcome;
        EXPECT_EQ(decode_reply(encode(reply)), reply);
    }
}

TEST(Protocol, TheLargestRequestFitsAMessage) {
    const Request request{.id = ~std::uint64_t{0},
                          .body = SignIn{flow(), guest(), "click-through", std::string(64, '\x01'),
                                         std::string(1024, '\x01'), std::string(64, '\x01')}};
    EXPECT_LE(encode(request).size(), kLargestMessage);
    EXPECT_EQ(decode_request(encode(request)), request);
}

// `text` with its only `from` replaced.
std::string with(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " in " << text;
    return text.replace(at, from.size(), to);
}

struct Hostile {
    const char* name;
    std::string text;
    std::string error;
};

std::string sign_in() {
    return encode(Request{.id = 1, .body = SignIn{flow(), guest(), "password", "ada", "secret"}});
}

std::string remote_start() {
    return encode(Request{.id = 1, .body = RemoteStart{flow(), guest(), "http://a/"}});
}

std::string remote_return() {
    return encode(Request{.id = 1, .body = RemoteReturn{flow(), guest(), "aaa.bbb.ccc"}});
}

std::string remote_callback() {
    const IpAddress peer = *parse_ip_address("198.51.100.7");
    return encode(Request{.id = 1, .body = RemoteCallback{peer, "aaa.bbb.ccc"}});
}

class HostileRequestTest : public testing::TestWithParam<Hostile> {};

TEST_P(HostileRequestTest, IsRefusedByName) {
    const auto request = decode_request(GetParam().text);
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().code, ErrorCode::invalid);
    EXPECT_THAT(request.error().what, HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileRequestTest,
    testing::Values(
        Hostile{"Empty", "", "not JSON"}, Hostile{"NotAnObject", "[]", "not a JSON object"},
        Hostile{"Truncated", "{\"id\":1", "not JSON"},
        Hostile{"TwoObjects", sign_in() + sign_in(), "not JSON"},
        Hostile{"TooLong", std::string(kLargestMessage + 1, ' '), "too long"},
        Hostile{"TooDeep", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}", "not JSON"},
        Hostile{"NotUtf8", with(sign_in(), "ada", "a\xff"), "not JSON"},
        Hostile{"NoId", with(sign_in(), "\"id\":1,", ""), "\"id\" is missing"},
        Hostile{"NegativeId", with(sign_in(), "\"id\":1", "\"id\":-1"), "\"id\" is negative"},
        Hostile{"FractionalId", with(sign_in(), "\"id\":1", "\"id\":1.5"), "\"id\""},
        Hostile{"HugeId", with(sign_in(), "\"id\":1", "\"id\":18446744073709551616"), "\"id\""},
        Hostile{"TextId", with(sign_in(), "\"id\":1", "\"id\":\"1\""), "\"id\""},
        Hostile{"GroupClient", with(sign_in(), "02:00:00:00:00:01", "03:00:00:00:00:01"),
                "\"client\""},
        Hostile{"UnknownAsk", with(sign_in(), "sign_in", "grant_all"), "\"ask\""},
        Hostile{"UnknownMember", with(sign_in(), "\"id\":1", "\"id\":1,\"root\":true"),
                "\"root\" is not known"},
        Hostile{"MemberOfAnotherAsk",
                with(encode(Request{.id = 1, .body = WhoIs{flow()}}), "\"id\":1",
                     "\"id\":1,\"user\":\"a\""),
                "\"user\" is not known"},
        Hostile{"UnknownMemberIsPrintable", with(sign_in(), "\"id\":1", "\"id\":1,\"\\n\":true"),
                "\"\\x0a\" is not known"},
        Hostile{"FlowIsNull", R"({"id":1,"ask":"who_is","flow":null})", "\"flow\""},
        Hostile{"BadAddress", with(sign_in(), "192.0.2.10", "192.0.2.999"), "\"flow.client\""},
        Hostile{"LongAddress", with(sign_in(), "192.0.2.10", std::string(46, '1')),
                "\"flow.client\""},
        Hostile{"BadPort", with(sign_in(), "40000", "65536"), "\"flow.client_port\""},
        Hostile{"ExtraInFlow", with(sign_in(), "\"client_port\"", "\"mac\":1,\"client_port\""),
                "\"flow.mac\" is not known"},
        Hostile{"UnknownMethod", with(sign_in(), "\"method\":\"password\"", "\"method\":\"root\""),
                "\"method\""},
        Hostile{"LongUser", with(sign_in(), "ada", std::string(65, 'a')), "\"user\" is longer"},
        Hostile{"LongPassword", with(sign_in(), "secret", std::string(1025, 'a')),
                "\"password\" is longer"},
        Hostile{"LongVoucher",
                with(sign_in(), "\"voucher\":\"\"", "\"voucher\":\"" + std::string(65, 'A') + "\""),
                "\"voucher\" is longer"},
        Hostile{"NumberAsPassword", with(sign_in(), "\"secret\"", "5"), "\"password\""},
        Hostile{"BlankInUrl", with(remote_start(), "http://a/", "http://a/ b"), "\"url\""},
        Hostile{"LongUrl", with(remote_start(), "http://a/", std::string(2049, 'a')), "\"url\""},
        Hostile{"NoClient", with(remote_return(), "02:00:00:00:00:01@100", "everybody"),
                "\"client\""},
        Hostile{"NoGrant", with(remote_return(), "aaa.bbb.ccc", ""), "\"grant\""},
        Hostile{"LongGrant", with(remote_return(), "aaa", std::string(kLongestGrant, 'a')),
                "\"grant\" is longer"},
        Hostile{"GrantOfOtherCharacters", with(remote_return(), "bbb", "b+b"), "\"grant\""},
        Hostile{"PaddedGrant", with(remote_callback(), "ccc", "cc="), "\"grant\""},
        Hostile{"CallbackOfNoPeer", with(remote_callback(), "198.51.100.7", "venue"), "\"peer\""},
        Hostile{"CallbackNamesAClient",
                with(remote_callback(), "\"id\":1", "\"id\":1,\"client\":\"a\""),
                "\"client\" is not known"}),
    [](const auto& param) { return std::string(param.param.name); });

class HostileReplyTest : public testing::TestWithParam<Hostile> {};

TEST_P(HostileReplyTest, IsRefusedByName) {
    const auto reply = decode_reply(GetParam().text);
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileReplyTest,
    testing::Values(
        Hostile{"Outcome", with(encode(full_reply()), "throttled", "fine"), "\"outcome\""},
        Hostile{"RetryAfter",
                with(encode(full_reply()), "\"retry_after\":90", "\"retry_after\":-1"),
                "\"retry_after\""},
        Hostile{"RetryForEver",
                with(encode(full_reply()), "\"retry_after\":90", "\"retry_after\":9999999999"),
                "\"retry_after\""},
        Hostile{"Client", with(encode(full_reply()), "02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff"),
                "\"caller.client\""},
        Hostile{"State", with(encode(full_reply()), "authorized", "root"), "\"caller.state\""},
        Hostile{"Usage", with(encode(full_reply()), "\"rx_packets\":1", "\"rx_packets\":true"),
                "\"caller.usage.rx_packets\""},
        Hostile{"Address", with(encode(full_reply()), "192.0.2.1", "portal"),
                "\"caller.portal_address\""},
        Hostile{"Location", with(encode(full_reply()), "?token=", "\\r\\nSet-Cookie: "),
                "\"location\""},
        Hostile{"LongLocation", with(encode(full_reply()), "?token=", std::string(8200, 'a')),
                "\"location\""},
        Hostile{"MissingNull", with(encode(Reply{}), "\"user\":null,", ""),
                "\"caller.user\" is missing"}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Protocol, ALogoIsAPictureAndAnAccentAColour) {
    const std::string text = encode(configuration());
    for (const auto& [from, to, named] :
         {std::tuple("image/png", "text/html", "\"logo.media_type\""),
          std::tuple("iVBORw", "iV?ORw", "\"logo.bytes\""),
          std::tuple("#7a1f4b", "#7a1f4", "\"accent_color\""),
          std::tuple("#7a1f4b", "}body{}", "\"accent_color\"")}) {
        const auto decoded = decode_configuration(with(text, from, to));
        ASSERT_FALSE(decoded) << from;
        EXPECT_THAT(decoded.error().what, HasSubstr(named));
    }
}

TEST(Protocol, AConfigurationCannotCarryAHeaderOrATag) {
    for (const char* url : {"http://a/\r\nX: y", "http://a/ b", "http://a/\"", "http://a/<b>"}) {
        Configuration message = configuration();
        message.login_url = url;
        const auto decoded = decode_configuration(encode(message));
        ASSERT_FALSE(decoded) << url;
        EXPECT_THAT(decoded.error().what, HasSubstr("\"login_url\""));
    }
}

TEST(Protocol, ASealKeyIsWholeOrNone) {
    for (const std::string& key :
         {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'), std::string(64, 'A')}) {
        Configuration message = configuration();
        message.seal_key = key;
        const auto decoded = decode_configuration(encode(message));
        ASSERT_FALSE(decoded) << key;
        EXPECT_THAT(decoded.error().what, HasSubstr("\"seal_key\""));
    }
}

TEST(Protocol, AConfigurationMayBeLargerThanOtherMessages) {
    Configuration message = configuration();
    message.tls->certificate = std::string(kLargestPem, 'x');
    message.tls->key = std::string(kLargestPem, 'x');
    EXPECT_EQ(decode_configuration(encode(message)), message);
    message.tls->key += "x";
    EXPECT_THAT(decode_configuration(encode(message)).error().what, HasSubstr("\"tls.key\""));
    EXPECT_FALSE(decode_configuration(std::string(kLargestConfiguration + 1, ' ')));
}

}  // namespace
}  // namespace portal::ipc
