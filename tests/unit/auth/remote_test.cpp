#include "auth/remote.h"

#include <gmock/gmock.h>
#include <sodium.h>

#include <set>

#include "auth/jwt.h"

namespace portal::auth {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
namespace json = boost::json;

const RemoteApplication kApplication{.url = "https://venue.example.net/wifi",
                                     .secret = "0123456789abcdef0123456789abcdef"};
constexpr WallTime kNow{std::chrono::seconds(1'767'225'600)};
constexpr std::int64_t kNowSeconds = 1'767'225'600;

json::object grant_claims() {
    return {{"iss", kApplication.url}, {"aud", "xdp-portal"}, {"sub", "02:00:00:00:00:01@100"},
            {"nonce", "4f2a"},         {"iat", kNowSeconds},  {"exp", kNowSeconds + 60}};
}

Result<RemoteGrant> verify(const json::object& claims) {
    return verify_grant(sign_jwt(claims, kApplication.secret).value(), kApplication, kNow);
}

Result<RemoteGrant> verify_with(const char* claim, json::value value) {
    json::object claims = grant_claims();
    claims[claim] = std::move(value);
    return verify(claims);
}

void expect_refused(const char* claim, json::value value) {
    const auto grant = verify_with(claim, value);
    ASSERT_FALSE(grant) << claim << " " << value;
    EXPECT_EQ(grant.error().code, ErrorCode::denied);
    EXPECT_THAT(grant.error().what, HasSubstr("\"" + std::string(claim) + "\"")) << value;
}

TEST(Remote, AGrantSaysWhoMayDoWhat) {
    EXPECT_EQ(verify(grant_claims()),
              (RemoteGrant{.client = {Mac{{2, 0, 0, 0, 0, 1}}, 100}, .nonce = "4f2a"}));
    json::object claims = grant_claims();
    claims["user"] = "room-12";
    claims["timeout"] = "2h";
    claims["policy"] = "staff";
    claims["nbf"] = kNowSeconds;
    claims["and what is not known"] = true;
    EXPECT_EQ(verify(claims)->identity,
              (Identity{.user = "room-12", .timeout = std::chrono::hours(2), .policy = "staff"}));
    EXPECT_EQ(verify_with("timeout", 90)->identity.timeout, Seconds(90));
}

TEST(Remote, EachRequiredClaimIsRequired) {
    for (const char* claim : {"iss", "aud", "sub", "nonce", "iat", "exp"}) {
        json::object claims = grant_claims();
        claims.erase(claim);
        const auto grant = verify(claims);
        ASSERT_FALSE(grant) << claim;
        EXPECT_EQ(grant.error().code, ErrorCode::denied);
        EXPECT_EQ(grant.error().what, "claim \"" + std::string(claim) + "\" is missing");
        for (const json::value& other : {json::value(nullptr), json::value(true),
                                         json::value(json::array{"a"}), json::value(1.5)})
            expect_refused(claim, other);
    }
}

TEST(Remote, AGrantForAnotherIsRefused) {
    expect_refused("iss", "https://evil.example/");
    expect_refused("iss", "");
    expect_refused("iss", json::string(2100, 'a'));
    expect_refused("aud", kApplication.url.c_str());
    expect_refused("aud", "XDP-PORTAL");
    expect_refused("sub", "everybody");
    expect_refused("sub", "01:00:00:00:00:01");
    expect_refused("sub", "02:00:00:00:00:01@5000");
}

TEST(Remote, AGrantHasItsTime) {
    const std::int64_t leeway = kClockLeeway.count();
    EXPECT_TRUE(verify_with("exp", kNowSeconds - leeway + 1));
    expect_refused("exp", kNowSeconds - leeway);
    expect_refused("exp", 0);
    expect_refused("exp", -1);
    expect_refused("exp", std::to_string(kNowSeconds + 60).c_str());
    EXPECT_TRUE(verify_with("iat", kNowSeconds + leeway));
    expect_refused("iat", kNowSeconds + leeway + 1);
    expect_refused("nbf", kNowSeconds + leeway + 1);
    expect_refused("nbf", "soon");
    EXPECT_TRUE(verify_with("exp", std::numeric_limits<std::int64_t>::max()));
}

TEST(Remote, WhatAGrantGivesIsWithinBounds) {
    for (const json::value& timeout :
         {json::value(0), json::value(-5), json::value(1.5), json::value("0"), json::value("soon"),
          json::value("100d5y"), json::value(kLongestDuration.count() + 1), json::value(true),
          json::value(nullptr)})
        expect_refused("timeout", timeout);
    expect_refused("user", json::string(65, 'a'));
    expect_refused("user", "a b");
    expect_refused("user", "");
    expect_refused("user", 12);
    expect_refused("policy", "a\nb");
    expect_refused("policy", nullptr);
}

TEST(Remote, AnotherSecretIsRefused) {
    const std::string other(32, 'x');
    const auto grant = verify_grant(sign_jwt(grant_claims(), other).value(), kApplication, kNow);
    ASSERT_FALSE(grant);
    EXPECT_EQ(grant.error().code, ErrorCode::denied);
}

RemoteRequest request() {
    return {.portal = "portal.example.net",
            .client = {Mac{{2, 0, 0, 0, 0, 1}}, 100},
            .nonce = "4f2a",
            .return_url = "http://portal.example.net/remote/return",
            .original_url = "http://example.org/a",
            .issued_at = kNow};
}

TEST(Remote, ARequestTellsOfTheGuest) {
    const auto address = address_with_token(kApplication, request());
    ASSERT_TRUE(address);
    const std::string before = "https://venue.example.net/wifi?token=";
    ASSERT_THAT(*address, StartsWith(before));
    EXPECT_EQ(verify_jwt(address->substr(before.size()), kApplication.secret),
              (json::object{{"iss", "portal.example.net"},
                            {"aud", "https://venue.example.net/wifi"},
                            {"sub", "02:00:00:00:00:01@100"},
                            {"vlan", 100},
                            {"jti", "4f2a"},
                            {"iat", kNowSeconds},
                            {"exp", kNowSeconds + 600},
                            {"return", "http://portal.example.net/remote/return"},
                            {"url", "http://example.org/a"}}));
}

TEST(Remote, ARequestKeepsTheApplicationsOwnParameters) {
    RemoteApplication application = kApplication;
    application.url += "?venue=1";
    EXPECT_THAT(address_with_token(application, request()).value(),
                StartsWith("https://venue.example.net/wifi?venue=1&token="));
}

TEST(Remote, ARequestIsNoGrant) {
    const std::string address = address_with_token(kApplication, request()).value();
    const auto grant = verify_grant(address.substr(address.find("token=") + 6), kApplication, kNow);
    ASSERT_FALSE(grant);
    EXPECT_EQ(grant.error().code, ErrorCode::denied);
}

TEST(Remote, NoncesAreRandom) {
    ASSERT_GE(sodium_init(), 0);
    std::set<std::string> nonces;
    for (int i = 0; i < 1000; ++i)
        nonces.insert(make_nonce());
    EXPECT_EQ(nonces.size(), 1000U);
    EXPECT_EQ(nonces.begin()->size(), 32U);
}

}  // namespace
}  // namespace portal::auth
