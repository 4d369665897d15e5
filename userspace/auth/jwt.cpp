#include "auth/jwt.h"

#include <jwt.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <memory>
#include <optional>

namespace portal::auth {

namespace json = boost::json;

namespace {

struct TokenDeleter {
    void operator()(jwt_t* token) const { jwt_free(token); }
};
using Token = std::unique_ptr<jwt_t, TokenDeleter>;

struct TextDeleter {
    void operator()(char* text) const { std::free(text); }
};
using Text = std::unique_ptr<char, TextDeleter>;

std::unexpected<Error> denied(std::string what) {
    return fail(ErrorCode::denied, std::move(what));
}

Status check_key(std::string_view key) {
    if (key.size() >= kShortestJwtKey) return {};
    return fail(ErrorCode::invalid,
                "a key of fewer than " + std::to_string(kShortestJwtKey) + " bytes");
}

const unsigned char* bytes(std::string_view key) {
    return reinterpret_cast<const unsigned char*>(key.data());
}

bool is_base64url(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

// Three parts of base64url, so that the library never meets other bytes.
bool is_compact(std::string_view token) {
    return token.size() <= kLongestJwt && std::ranges::count(token, '.') == 2 &&
           std::ranges::all_of(token, [](char c) { return c == '.' || is_base64url(c); });
}

// With an empty key the signature is not looked at.
Token decode(const std::string& token, std::string_view key) {
    jwt_t* decoded = nullptr;
    if (jwt_decode(&decoded, token.c_str(), key.empty() ? nullptr : bytes(key),
                   static_cast<int>(key.size())) != 0)
        return {};
    return Token(decoded);
}

// The header says how the token is to be verified, and is the sender's: only one way is ours
// (RFC 8725 §3.1), and an extension that must be understood is not (RFC 7515 §4.1.11).
Status check_header(const Token& unverified) {
    const char* algorithm = jwt_get_header(unverified.get(), "alg");
    if (algorithm == nullptr || std::string_view(algorithm) != "HS256")
        return denied("the token is not signed with HS256");
    if (const Text critical(jwt_get_headers_json(unverified.get(), "crit")); critical)
        return denied("the token asks for an extension");
    return {};
}

}  // namespace

Result<std::string> sign_jwt(const json::object& claims, std::string_view key) {
    TRY(check_key(key));
    jwt_t* made = nullptr;
    if (jwt_new(&made) != 0) return fail(ErrorCode::system, "no memory for a token");
    const Token token(made);
    const std::string text = json::serialize(claims);
    if (jwt_add_grants_json(made, text.c_str()) != 0 ||
        jwt_set_alg(made, JWT_ALG_HS256, bytes(key), static_cast<int>(key.size())) != 0)
        return fail(ErrorCode::system, "libjwt takes no such claims");
    const Text encoded(jwt_encode_str(made));
    if (!encoded) return fail(ErrorCode::system, "libjwt does not sign");
    return std::string(encoded.get());
}

Result<json::object> verify_jwt(std::string_view token, std::string_view key) {
    TRY(check_key(key));
    if (!is_compact(token)) return denied("not a signed token");
    const std::string text(token);
    const Token unverified = decode(text, {});
    if (!unverified) return denied("not a signed token");
    TRY(check_header(unverified));
    const Token verified = decode(text, key);
    if (!verified) return denied("the token's signature is wrong");
    const Text claims(jwt_get_grants_json(verified.get(), nullptr));
    if (!claims) return fail(ErrorCode::system, "no memory for a token");
    boost::system::error_code error;
    json::value value = json::parse(claims.get(), error);
    if (error || !value.is_object()) return denied("the token's claims are not an object");
    return std::move(value.get_object());
}

}  // namespace portal::auth
