#include "control/remote_sign_in.h"

#include <algorithm>
#include <utility>

namespace portal::control {

namespace {

// As the responder serves it.
constexpr const char* kReturnPath = "/remote/return";

}  // namespace

Result<std::string> RemoteSignIn::start(const ClientId& client,
                                        const std::optional<IpAddress>& portal_address,
                                        std::optional<WantedPage> wanted) {
    if (!settings_) return fail(ErrorCode::denied, "the method is not configured");
    const std::optional<std::string> host = settings_->portal.host(portal_address);
    const std::optional<std::string> origin = settings_->portal.to_url(portal_address);
    if (!host || !origin)
        return fail(ErrorCode::unavailable, "the portal has neither a name nor an address",
                    "set portal.hostname");
    auto url = wanted ? std::optional(wanted->url) : std::nullopt;
    const std::string nonce = auth::make_nonce();
    TRY_ASSIGN(std::string address, auth::address_with_token(settings_->application,
                                                             {.portal = *host,
                                                              .client = client,
                                                              .nonce = nonce,
                                                              .return_url = *origin + kReturnPath,
                                                              .original_url = std::move(url),
                                                              .issued_at = clock_.wall()}));
    nonces_.issue(nonce, {.client = client, .wanted = std::move(wanted)}, clock_.monotonic());
    return address;
}

Result<RemoteSignIn::Accepted> RemoteSignIn::accept(std::string_view text) const {
    if (!settings_) return fail(ErrorCode::denied, "the method is not configured");
    TRY_ASSIGN(auth::RemoteGrant grant,
               auth::verify_grant(text, settings_->application, clock_.wall()));
    const auto issued = nonces_.find(grant.nonce, clock_.monotonic());
    if (!issued) return fail(ErrorCode::denied, "the grant's nonce is not one that waits");
    if (issued->client != grant.client)
        return fail(ErrorCode::denied, "the grant's nonce was issued to " +
                                           issued->client.to_string() + ", not to " +
                                           grant.client.to_string());
    if (issued->used) return fail(ErrorCode::conflict, "the grant has been used");
    if (grant.identity.timeout)
        grant.identity.timeout = std::min(*grant.identity.timeout, settings_->longest_session);
    return Accepted{.client = grant.client,
                    .nonce = std::move(grant.nonce),
                    .identity = std::move(grant.identity),
                    .wanted = issued->wanted};
}

}  // namespace portal::control
