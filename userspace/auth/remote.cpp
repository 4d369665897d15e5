#include "auth/remote.h"

#include <sodium.h>

#include <array>

#include "auth/jwt.h"
#include "domain/session.h"

namespace portal::auth {

namespace json = boost::json;

namespace {

// Of a nonce, which is ours and shorter, and of the parties' names.
constexpr std::size_t kLongestClaim = 2048;

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

std::unexpected<Error> denied(std::string_view claim, std::string_view what) {
    return fail(ErrorCode::denied, "claim \"" + std::string(claim) + "\" " + std::string(what));
}

std::int64_t numeric_date(WallTime time) {
    return std::chrono::floor<Seconds>(time.time_since_epoch()).count();
}

// None where the claim is absent; null is no value of any claim.
Result<std::optional<std::string>> text_if(const json::object& claims, std::string_view name) {
    const json::value* value = claims.if_contains(view(name));
    if (value == nullptr) return std::nullopt;
    if (!value->is_string() || value->get_string().size() > kLongestClaim)
        return denied(name, "is no text, or too long");
    return std::string(value->get_string().data(), value->get_string().size());
}

Result<std::string> text(const json::object& claims, std::string_view name) {
    TRY_ASSIGN(std::optional<std::string> value, text_if(claims, name));
    if (!value) return denied(name, "is missing");
    return *std::move(value);
}

// RFC 7519 §2, NumericDate, in whole seconds.
Result<std::optional<std::int64_t>> date_if(const json::object& claims, std::string_view name) {
    const json::value* value = claims.if_contains(view(name));
    if (value == nullptr) return std::nullopt;
    if (!value->is_int64() || value->get_int64() < 0)
        return denied(name, "is no whole number of seconds since 1970");
    return value->get_int64();
}

Result<std::int64_t> date(const json::object& claims, std::string_view name) {
    TRY_ASSIGN(const std::optional<std::int64_t> value, date_if(claims, name));
    if (!value) return denied(name, "is missing");
    return *value;
}

Status check_times(const json::object& claims, WallTime now_time) {
    const std::int64_t now = numeric_date(now_time);
    const std::int64_t leeway = kClockLeeway.count();
    TRY_ASSIGN(const std::int64_t issued_at, date(claims, "iat"));
    TRY_ASSIGN(const std::int64_t expires, date(claims, "exp"));
    TRY_ASSIGN(const std::optional<std::int64_t> not_before, date_if(claims, "nbf"));
    if (issued_at > now + leeway) return denied("iat", "is in the future: compare the clocks");
    if (not_before && *not_before > now + leeway) return denied("nbf", "is in the future");
    if (expires <= now - leeway) return denied("exp", "is in the past");
    return {};
}

Status check_parties(const json::object& claims, const RemoteApplication& application) {
    TRY_ASSIGN(const std::string issuer, text(claims, "iss"));
    TRY_ASSIGN(const std::string audience, text(claims, "aud"));
    if (issuer != application.url) return denied("iss", "is not remote.url");
    if (audience != kGrantAudience)
        return denied("aud", "is not \"" + std::string(kGrantAudience) + "\"");
    return {};
}

// A duration such as "2h", or a whole number of seconds.
Result<std::optional<Seconds>> timeout_if(const json::object& claims) {
    constexpr std::string_view name = "timeout";
    constexpr std::string_view why = "is neither a duration such as \"8h\" nor seconds";
    const json::value* value = claims.if_contains(view(name));
    if (value == nullptr) return std::nullopt;
    if (value->is_int64()) {
        const Seconds seconds(value->get_int64());
        if (seconds <= Seconds::zero() || seconds > kLongestDuration) return denied(name, why);
        return seconds;
    }
    if (!value->is_string()) return denied(name, why);
    const auto timeout = parse_session_timeout(value->get_string().c_str());
    if (!timeout) return denied(name, why);
    return *timeout;
}

Result<std::optional<std::string>> name_if(const json::object& claims, std::string_view claim) {
    TRY_ASSIGN(std::optional<std::string> name, text_if(claims, claim));
    if (name && !check_name(claim, *name)) return denied(claim, "is no name");
    return name;
}

}  // namespace

std::string make_nonce() {
    std::array<unsigned char, 16> random{};
    randombytes_buf(random.data(), random.size());
    std::array<char, 2 * random.size() + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), random.data(), random.size());
    return hex.data();
}

Result<std::string> address_with_token(const RemoteApplication& application,
                                       const RemoteRequest& request) {
    const std::int64_t issued_at = numeric_date(request.issued_at);
    json::object claims{{"iss", request.portal},
                        {"aud", application.url},
                        {"sub", request.client.to_string()},
                        {"vlan", request.client.vlan},
                        {"jti", request.nonce},
                        {"iat", issued_at},
                        {"exp", issued_at + kRemoteLifetime.count()},
                        {"return", request.return_url}};
    if (request.original_url) claims["url"] = *request.original_url;
    TRY_ASSIGN(const std::string token, sign_jwt(claims, application.secret));
    const char separator = application.url.contains('?') ? '&' : '?';
    return application.url + separator + "token=" + token;
}

Result<RemoteGrant> verify_grant(std::string_view token, const RemoteApplication& application,
                                 WallTime now) {
    TRY_ASSIGN(const json::object claims, verify_jwt(token, application.secret));
    TRY(check_parties(claims, application));
    TRY(check_times(claims, now));
    TRY_ASSIGN(const std::string subject, text(claims, "sub"));
    const auto client = parse_client_id(subject);
    if (!client) return denied("sub", "is no client");
    RemoteGrant grant{.client = *client, .nonce = {}, .identity = {}};
    TRY_ASSIGN(grant.nonce, text(claims, "nonce"));
    TRY_ASSIGN(grant.identity.user, name_if(claims, "user"));
    TRY_ASSIGN(grant.identity.timeout, timeout_if(claims));
    TRY_ASSIGN(grant.identity.policy, name_if(claims, "policy"));
    return grant;
}

}  // namespace portal::auth
