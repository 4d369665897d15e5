// Sign-in by the venue's own application: what the portal tells it of a guest, and what it
// answers. Both are JWTs (auth/jwt.h) signed with the one secret that the two share; neither can
// pass for the other, for they name different audiences. The protocol is in docs/REMOTE.md.
//
// Values in, values out: that a nonce is ours and unused is for the caller to know. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/authenticator.h"
#include "base/time.h"
#include "domain/client.h"

namespace portal::auth {

// The audience of grants.
inline constexpr std::string_view kGrantAudience = "xdp-portal";
// How long a guest has from being sent there to coming back.
inline constexpr Seconds kRemoteLifetime = std::chrono::minutes(10);
// By how much the two clocks may differ.
inline constexpr Seconds kClockLeeway{60};

// The application, as the configuration names it.
struct RemoteApplication {
    std::string url;
    std::string secret;  // at least kShortestJwtKey bytes

    bool operator==(const RemoteApplication&) const = default;
};

// A guest who is sent there.
struct RemoteRequest {
    std::string portal;  // this portal's host
    ClientId client;
    std::string nonce;       // comes back in the grant
    std::string return_url;  // where the guest is to bring the grant
    std::optional<std::string> original_url;
    WallTime issued_at{};
};

// What the application grants, and to whom.
struct RemoteGrant {
    ClientId client;
    std::string nonce;
    Identity identity;

    bool operator==(const RemoteGrant&) const = default;
};

// 128 random bits as text. sodium_init() has been called.
std::string make_nonce();

// The application's URL with the request's token as its last parameter, `token`.
Result<std::string> address_with_token(const RemoteApplication& application,
                                       const RemoteRequest& request);

// What `token` grants at `now`. ErrorCode::denied: it is not signed by the application, not for
// the portal, not yet or no longer valid, or does not say what a grant must say; `what` tells the
// operator which.
Result<RemoteGrant> verify_grant(std::string_view token, const RemoteApplication& application,
                                 WallTime now);

}  // namespace portal::auth
