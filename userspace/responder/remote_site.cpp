#include "responder/remote_site.h"

#include "responder/form.h"
#include "responder/login_url.h"

namespace portal::responder {

namespace {

constexpr std::string_view kStart = "/remote";
constexpr std::string_view kReturn = "/remote/return";

// Said with a Retry-After when portald does not say how long.
constexpr Seconds kDefaultRetry = std::chrono::minutes(1);

bool signed_in(const ipc::Caller& caller) {
    return caller.state == ClientState::authorized || caller.state == ClientState::trusted;
}

}  // namespace

bool RemoteSite::serves(std::string_view path) {
    return path == kStart || path == kReturn;
}

std::variant<http::Response, RemoteQuestion> RemoteSite::receive(
    const http::Request& request, const http::Target& target, const Flow& flow,
    const ipc::Caller& caller, const std::optional<OriginalUrl>& original) const {
    // Not HEAD: what GET does here, nobody asks for who only looks.
    if (request.method() != http::Method::get) return pages_.method_not_allowed("GET");
    if (!caller.client) return pages_.unrecognised();
    const auto query = parse_form(target.query);
    if (!query) return pages_.bad_form();
    if (target.path == kReturn) {
        std::string grant = field(*query, "grant");
        if (grant.empty()) return pages_.see_other("/");
        return ipc::RemoteReturn{flow, *caller.client, std::move(grant)};
    }
    if (signed_in(caller)) return pages_.see_other(with_original("/status", original));
    ipc::RemoteStart question{.flow = flow, .client = *caller.client, .url = {}};
    if (original) {
        question.url = original->url;
        question.sealed = !original->seal.empty();
    }
    return question;
}

http::Response RemoteSite::returned(const ipc::Reply& reply) const {
    if (!reply.location) return pages_.see_other("/status");
    if (reply.sealed) return pages_.see_other(*reply.location);
    return pages_.see_other(with_original("/status", OriginalUrl{*reply.location, {}}));
}

http::Response RemoteSite::conclude(const RemoteQuestion& question, const ipc::Reply& reply) const {
    const bool start = std::holds_alternative<ipc::RemoteStart>(question);
    switch (reply.outcome) {
        case ipc::Outcome::done:
            if (!start) return returned(reply);
            return reply.location ? pages_.see_other(*reply.location) : pages_.failed();
        case ipc::Outcome::replayed:
            // A page that is loaded again, most likely.
            if (signed_in(reply.caller)) return pages_.see_other("/status");
            [[fallthrough]];
        case ipc::Outcome::refused:
            return pages_.remote_refused();
        case ipc::Outcome::throttled:
            return pages_.throttled(reply.retry_after.value_or(kDefaultRetry));
        case ipc::Outcome::busy:
            return pages_.unavailable();
        case ipc::Outcome::unknown:
            return pages_.unrecognised();
        case ipc::Outcome::failed:
            break;
    }
    return pages_.failed();
}

}  // namespace portal::responder
