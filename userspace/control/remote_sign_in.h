// Sign-in by the venue's own application: where guests are sent, and whether the grant that comes
// back is one of theirs. The protocol is in docs/REMOTE.md.
//
// A grant counts once, for the client whose nonce it carries, and only while that nonce lasts;
// nonces do not outlive portald. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/remote.h"
#include "base/clock.h"
#include "base/ip_address.h"
#include "domain/portal_origin.h"
#include "domain/remote_nonces.h"

namespace portal::control {

class RemoteSignIn {
  public:
    struct Settings {
        auth::RemoteApplication application;
        PortalOrigin portal;
        Seconds longest_session;  // a grant may shorten it

        bool operator==(const Settings&) const = default;
    };

    // `clock` outlives this.
    explicit RemoteSignIn(const Clock& clock) : clock_(clock), nonces_(auth::kRemoteLifetime) {}

    // From now on; none: nobody is sent, and no grant counts.
    void configure(std::optional<Settings> settings) { settings_ = std::move(settings); }

    // Where to send `client`, with a token and a nonce of its own. `portal_address` is the
    // portal's as the client reaches it.
    // ErrorCode::denied: not configured; ErrorCode::unavailable: the portal has no name.
    Result<std::string> start(const ClientId& client,
                              const std::optional<IpAddress>& portal_address,
                              std::optional<WantedPage> wanted);

    // What a grant is good for.
    struct Accepted {
        ClientId client;
        std::string nonce;
        auth::Identity identity;  // its timeout within the longest
        std::optional<WantedPage> wanted;
    };
    // ErrorCode::denied: it is no grant for a client that was sent; ErrorCode::conflict: it has
    // been used. `what` is for the operator.
    Result<Accepted> accept(std::string_view grant) const;

    // The grant has signed its client in, and is good for nothing more.
    void use(const Accepted& grant) { nonces_.use(grant.nonce); }

  private:
    const Clock& clock_;
    std::optional<Settings> settings_;
    RemoteNonces nonces_;
};

}  // namespace portal::control
