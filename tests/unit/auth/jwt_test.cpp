#include "auth/jwt.h"

#include <gmock/gmock.h>
#include <sodium.h>

#include <array>
#include <boost/json/serialize.hpp>

namespace portal::auth {
namespace {

using testing::HasSubstr;

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";

std::string base64url(std::string_view bytes) {
    std::string text(
        sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(),
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back();  // its NUL
    return text;
}

std::string hmac_sha256(std::string_view text, std::string_view key) {
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> tag{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()),
                                key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                  text.size());
    crypto_auth_hmacsha256_final(&state, tag.data());
    return {reinterpret_cast<const char*>(tag.data()), tag.size()};
}

// Made without the library: any header, and a right signature of HMAC SHA-256.
std::string token_of(std::string_view header, std::string_view claims,
                     std::string_view key = kKey) {
    const std::string signed_part = base64url(header) + "." + base64url(claims);
    return signed_part + "." + base64url(hmac_sha256(signed_part, key));
}

constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";

std::string refusal(std::string_view token) {
    const auto claims = verify_jwt(token, kKey);
    if (claims) {
        ADD_FAILURE() << "was accepted: " << token;
        return {};
    }
    EXPECT_EQ(claims.error().code, ErrorCode::denied) << claims.error().what;
    return claims.error().what;
}

TEST(Jwt, ClaimsComeBackAsTheyWere) {
    const boost::json::object claims{
        {"iss", "portal.example.net"}, {"n", 1767225600}, {"url", "http://example.org/é?\"a\""},
        {"list", {1, "two"}},          {"none", nullptr}, {"long", std::string(1500, 'x')}};
    const auto token = sign_jwt(claims, kKey);
    ASSERT_TRUE(token) << token.error().what;
    EXPECT_EQ(token->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_."),
              std::string::npos);
    const auto verified = verify_jwt(*token, kKey);
    ASSERT_TRUE(verified) << verified.error().what;
    EXPECT_EQ(*verified, claims);
}

TEST(Jwt, SignsAsRfc7518Says) {
    const auto token = sign_jwt({{"sub", "a"}}, kKey);
    ASSERT_TRUE(token);
    const std::string_view signed_part = std::string_view(*token).substr(0, token->rfind('.'));
    EXPECT_EQ(token->substr(token->rfind('.') + 1), base64url(hmac_sha256(signed_part, kKey)));
    EXPECT_EQ(verify_jwt(token_of(kHeader, R"({"sub":"a"})"), kKey),
              (boost::json::object{{"sub", "a"}}));
    // Without "typ", which RFC 7519 §5.1 leaves to the sender.
    EXPECT_TRUE(verify_jwt(token_of(R"({"alg":"HS256"})", R"({"sub":"a"})"), kKey));
}

TEST(Jwt, AnotherKeyIsRefused) {
    EXPECT_THAT(refusal(token_of(kHeader, "{}", "another-key-another-key-another-k")),
                HasSubstr("signature"));
    EXPECT_THAT(refusal(token_of(kHeader, "{}", "")), HasSubstr("signature"));
}

TEST(Jwt, EveryOtherAlgorithmIsRefused) {
    for (const char* header :
         {R"({"alg":"none"})", R"({"alg":"None","typ":"JWT"})", R"({"alg":"HS384"})",
          R"({"alg":"HS512"})", R"({"alg":"RS256"})", R"({"alg":"ES256"})", R"({"alg":"hs256"})",
          R"({"alg":"HS256 "})", R"({"alg":""})", R"({"alg":null})", R"({"alg":["HS256"]})",
          R"({"typ":"JWT"})", R"({})"}) {
        refusal(token_of(header, "{}"));
        // Unsigned, as "none" would have it.
        refusal(base64url(header) + "." + base64url("{}") + ".");
        refusal(base64url(header) + "." + base64url("{}"));
    }
}

TEST(Jwt, AnExtensionIsRefused) {
    EXPECT_THAT(refusal(token_of(R"({"alg":"HS256","crit":["exp"],"exp":1})", "{}")),
                HasSubstr("extension"));
    EXPECT_THAT(refusal(token_of(R"({"alg":"HS256","crit":[]})", "{}")), HasSubstr("extension"));
}

TEST(Jwt, EveryChangedCharacterIsRefused) {
    const std::string token = token_of(kHeader, R"({"sub":"02:00:00:00:00:01"})");
    for (std::size_t i = 0; i < token.size(); ++i)
        for (const char c : {'A', 'b', '_', '.', '=', ' ', '\0', '\n'}) {
            if (token[i] == c) continue;
            std::string changed = token;
            changed[i] = c;
            EXPECT_FALSE(verify_jwt(changed, kKey)) << i << " " << changed;
        }
    for (std::size_t length = 0; length < token.size(); ++length)
        EXPECT_FALSE(verify_jwt(token.substr(0, length), kKey)) << length;
    EXPECT_FALSE(verify_jwt(token + "A", kKey));
    EXPECT_FALSE(verify_jwt(token + ".", kKey));
    EXPECT_FALSE(verify_jwt(token + "=", kKey));
}

TEST(Jwt, WhatIsNoTokenIsRefused) {
    for (const std::string& text :
         {std::string(), std::string("."), std::string(".."), std::string("a.b.c"),
          std::string("...."), std::string(kLongestJwt + 1, 'a'), std::string(4096, '.'),
          token_of("[]", "{}"), token_of("", ""), token_of(kHeader, "[]"), token_of(kHeader, ""),
          token_of(kHeader, "\"a\""), token_of(kHeader, "{"),
          token_of(kHeader, R"({"a":"\u0000"})"), token_of(kHeader, "{\"a\":\"\xff\"}"),
          token_of(std::string(500, '['), "{}"), token_of(kHeader, std::string(2000, '['))})
        refusal(text);
}

TEST(Jwt, TheLongestIsLookedAtAndNoLonger) {
    const auto padded = [](std::size_t size) {
        return token_of(kHeader, "{\"a\":\"" + std::string(size, 'x') + "\"}");
    };
    std::size_t size = 2900;
    while (padded(size + 1).size() <= kLongestJwt)
        ++size;
    EXPECT_TRUE(verify_jwt(padded(size), kKey));
    refusal(padded(size + 4));
}

TEST(Jwt, AShortKeySignsAndVerifiesNothing) {
    EXPECT_EQ(sign_jwt({}, kKey.substr(1)).error().code, ErrorCode::invalid);
    EXPECT_EQ(sign_jwt({}, "").error().code, ErrorCode::invalid);
    EXPECT_EQ(verify_jwt(token_of(kHeader, "{}", kKey.substr(1)), kKey.substr(1)).error().code,
              ErrorCode::invalid);
    EXPECT_EQ(verify_jwt(token_of(kHeader, "{}", ""), "").error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace portal::auth
