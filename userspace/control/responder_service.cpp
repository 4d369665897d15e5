#include "control/responder_service.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "base/log.h"
#include "config/config.h"

namespace portal::control {

namespace {

// How long a guest is asked to wait where all workers are busy.
constexpr Seconds kBusyWait{2};

constexpr std::uint32_t kAttemptsPerHour = 20;  // until configured

// Grants that one address may bring in vain in an hour. They cannot be guessed: this bounds work.
constexpr std::uint32_t kBadGrantsPerHour = 600;

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

constexpr std::string_view kRemote = "remote";

// Whether it is the other side's fault: a grant that is none, or that asks for what there is not.
bool is_refusal(const Error& error) {
    return error.code == ErrorCode::denied || error.code == ErrorCode::invalid ||
           error.code == ErrorCode::not_found || error.code == ErrorCode::conflict;
}

// Of a remote sign-in; `whose` is for the log.
ipc::Outcome outcome_of(const Status& done, const std::string& whose) {
    if (done) return ipc::Outcome::done;
    if (done.error().code == ErrorCode::conflict) return ipc::Outcome::replayed;
    if (is_refusal(done.error())) return ipc::Outcome::refused;
    log_error(within("signing in " + whose, done.error()));
    return ipc::Outcome::failed;
}

}  // namespace

// A guest who is signing in.
struct ResponderService::Attempt {
    std::uint64_t id = 0;
    Flow flow;
    dataplane::FlowOrigin origin;
    std::string method;
    Answer answer;
    bool counted = false;   // by the limiter
    std::string user = {};  // as typed

    void reply(ipc::Reply reply, ipc::Outcome outcome) const {
        reply.id = id;
        reply.outcome = outcome;
        answer(reply);
    }
};

ResponderService::ResponderService(Gate& gate, SessionManager& sessions, WorkerPool& workers,
                                   Authenticators authenticators, const Clock& clock,
                                   EventBus& events)
    : gate_(gate),
      sessions_(sessions),
      workers_(workers),
      authenticators_(std::move(authenticators)),
      clock_(clock),
      events_(events),
      limiter_(kAttemptsPerHour),
      remote_(clock),
      callers_(kBadGrantsPerHour) {}

void ResponderService::configure(std::vector<std::string> methods,
                                 std::uint32_t attempts_per_hour) {
    methods_ = std::move(methods);
    limiter_.set_limit(attempts_per_hour);
}

void ResponderService::ask(const ipc::Request& request, Answer answer) {
    const auto send = [&](ipc::Reply reply) {
        reply.id = request.id;
        answer(reply);
    };
    std::visit(
        Overloaded{
            [&](const ipc::WhoIs& question) { send(who_is(question.flow)); },
            [&](const ipc::SignOut& question) { send(sign_out(question)); },
            [&](const ipc::SignIn& question) { sign_in(request.id, question, answer); },
            [&](const ipc::RemoteStart& question) { send(remote_start(question)); },
            [&](const ipc::RemoteReturn& question) { remote_return(request.id, question, answer); },
            [&](const ipc::RemoteCallback& question) { send(remote_callback(question)); },
        },
        request.body);
}

ipc::Reply ResponderService::who_is(const Flow& flow, ipc::Outcome outcome) const {
    ipc::Reply reply;
    const auto origin = gate_.origin(flow);
    if (!origin) {
        reply.outcome = ipc::Outcome::unknown;
        return reply;
    }
    reply.outcome = outcome;
    reply.caller.client = origin->client;
    reply.caller.to_portal = topology_.is_portal_address(flow.server);
    reply.caller.portal_address = topology_.portal_address(origin->ifindex, flow.client);
    tell_session(origin->client, reply.caller);
    return reply;
}

void ResponderService::tell_session(const ClientId& client, ipc::Caller& caller) const {
    const auto session = sessions_.find(client);
    if (!session) return;
    caller.state = session->state;
    if (session->state != ClientState::authorized) return;
    caller.user = session->user;
    caller.usage = session->usage;
    if (session->expires_at)
        caller.remaining =
            std::clamp(std::chrono::ceil<Seconds>(*session->expires_at - clock_.wall()),
                       Seconds::zero(), kLongestDuration);
}

// A connection may have become another client's since the guest was shown the form.
std::optional<dataplane::FlowOrigin> ResponderService::origin_of(const Flow& flow,
                                                                 const ClientId& client) const {
    const auto origin = gate_.origin(flow);
    if (!origin || origin->client != client) return std::nullopt;
    return origin;
}

ipc::Reply ResponderService::sign_out(const ipc::SignOut& question) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return {.outcome = ipc::Outcome::unknown};
    if (const Status done = sessions_.sign_out(origin->client); !done) {
        log_error(within("signing out " + origin->client.to_string(), done.error()));
        return who_is(question.flow, ipc::Outcome::failed);
    }
    return who_is(question.flow);
}

void ResponderService::sign_in(std::uint64_t id, const ipc::SignIn& question, Answer answer) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return answer({.id = id, .outcome = ipc::Outcome::unknown});
    Attempt attempt{id, question.flow, *origin, question.method, std::move(answer)};
    attempt.user = question.user;
    const auto authenticator = authenticators_.find(question.method);
    if (!is_configured(question.method) || authenticator == authenticators_.end()) {
        deny(attempt, {}, "the method is not configured");
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    if (question.method == config::to_string(config::SignInMethod::click_through))
        return finish(attempt, authenticator->second->authenticate({}));
    check_password(std::move(attempt), authenticator->second, {question.user, question.password});
}

void ResponderService::check_password(Attempt attempt,
                                      std::shared_ptr<auth::Authenticator> authenticator,
                                      auth::Credentials credentials) {
    const ClientId client = attempt.origin.client;
    if (const Seconds wait = limiter_.retry_after(client, clock_.monotonic());
        wait > Seconds::zero()) {
        ipc::Reply reply = who_is(attempt.flow);
        reply.retry_after = wait;
        return attempt.reply(std::move(reply), ipc::Outcome::throttled);
    }
    limiter_.count(client, clock_.monotonic());
    attempt.counted = true;
    const auto work = [this, attempt, authenticator,
                       credentials = std::move(credentials)]() -> WorkerPool::Completion {
        return [this, attempt, identity = authenticator->authenticate(credentials)] {
            finish(attempt, identity);
        };
    };
    if (workers_.submit(work)) return;
    limiter_.take_back(client, clock_.monotonic());
    ipc::Reply reply = who_is(attempt.flow);
    reply.retry_after = kBusyWait;
    attempt.reply(std::move(reply), ipc::Outcome::throttled);
}

void ResponderService::finish(const Attempt& attempt, const Result<auth::Identity>& identity) {
    const bool wrong = !identity && identity.error().code == ErrorCode::denied;
    if (attempt.counted && !wrong) limiter_.take_back(attempt.origin.client, clock_.monotonic());
    if (wrong) {
        deny(attempt, attempt.user, identity.error().what);
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    const Status done =
        !identity ? Status(std::unexpected(identity.error()))
                  : sessions_.sign_in({.client = attempt.origin.client,
                                       .method = attempt.method,
                                       .user = identity->user,
                                       .ip = attempt.flow.client,
                                       .interface = topology_.name_of(attempt.origin.ifindex)});
    if (done) return attempt.reply(who_is(attempt.flow), ipc::Outcome::done);
    if (done.error().code == ErrorCode::denied || done.error().code == ErrorCode::invalid) {
        deny(attempt, attempt.user, done.error().what);
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    log_error(within("signing in " + attempt.origin.client.to_string(), done.error()));
    attempt.reply(who_is(attempt.flow), ipc::Outcome::failed);
}

void ResponderService::deny(const Attempt& attempt, const std::string& user, std::string why) {
    Event denial{.time = clock_.wall(), .type = EventType::denial, .client = attempt.origin.client};
    denial.ip = attempt.flow.client;
    denial.interface = topology_.name_of(attempt.origin.ifindex);
    if (!user.empty()) denial.user = user;
    denial.method = attempt.method;
    denial.detail = std::move(why);
    events_.publish(std::move(denial));
}

ipc::Reply ResponderService::remote_start(const ipc::RemoteStart& question) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return {.outcome = ipc::Outcome::unknown};
    ipc::Reply reply = who_is(question.flow);
    if (!is_configured(kRemote) || reply.caller.state == ClientState::blocked) {
        reply.outcome = ipc::Outcome::refused;
        return reply;
    }
    auto url = question.url.empty() ? std::nullopt : std::optional(question.url);
    auto location = remote_.start(origin->client, reply.caller.portal_address, std::move(url));
    if (!location) {
        log_error(
            within("sending " + origin->client.to_string() + " to remote.url", location.error()));
        reply.outcome = ipc::Outcome::failed;
        return reply;
    }
    reply.location = *std::move(location);
    return reply;
}

void ResponderService::remote_return(std::uint64_t id, const ipc::RemoteReturn& question,
                                     Answer answer) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return answer({.id = id, .outcome = ipc::Outcome::unknown});
    const Attempt attempt{id, question.flow, *origin, std::string(kRemote), std::move(answer)};
    const MonotonicTime now = clock_.monotonic();
    if (const Seconds wait = limiter_.retry_after(origin->client, now); wait > Seconds::zero()) {
        ipc::Reply reply = who_is(question.flow);
        reply.retry_after = wait;
        return attempt.reply(std::move(reply), ipc::Outcome::throttled);
    }
    auto grant = accept(question.grant);
    if (grant && grant->client != origin->client)
        grant = fail(ErrorCode::denied, "the grant is for " + grant->client.to_string());
    if (!grant && grant.error().code == ErrorCode::denied) limiter_.count(origin->client, now);
    const Status done =
        !grant ? Status(std::unexpected(grant.error()))
               : admit(*grant, question.flow.client, topology_.name_of(origin->ifindex));
    if (!done && is_refusal(done.error())) deny(attempt, {}, done.error().what);
    ipc::Reply reply = who_is(question.flow);
    if (done) reply.location = grant->url;
    attempt.reply(std::move(reply), outcome_of(done, origin->client.to_string()));
}

ipc::Reply ResponderService::remote_callback(const ipc::RemoteCallback& question) {
    const std::string peer = question.peer.to_string();
    const MonotonicTime now = clock_.monotonic();
    if (const Seconds wait = callers_.retry_after(peer, now); wait > Seconds::zero())
        return {.outcome = ipc::Outcome::throttled, .retry_after = wait};
    const auto grant = accept(question.grant);
    if (!grant && grant.error().code == ErrorCode::denied) callers_.count(peer, now);
    const Status done =
        !grant ? Status(std::unexpected(grant.error())) : admit(*grant, std::nullopt, std::nullopt);
    if (!done && is_refusal(done.error())) {
        Event denial{.time = clock_.wall(), .type = EventType::denial};
        if (grant) denial.client = grant->client;
        denial.method = kRemote;
        denial.detail = done.error().what + ", from " + peer;
        events_.publish(std::move(denial));
    }
    ipc::Reply reply{.outcome = outcome_of(done, "by " + peer)};
    if (!done) return reply;
    reply.caller.client = grant->client;
    tell_session(grant->client, reply.caller);
    return reply;
}

Result<RemoteSignIn::Accepted> ResponderService::accept(std::string_view grant) const {
    if (!is_configured(kRemote)) return fail(ErrorCode::denied, "the method is not configured");
    return remote_.accept(grant);
}

// Signs in whom the grant names. It stays good for another try where the failure is ours.
Status ResponderService::admit(const RemoteSignIn::Accepted& grant, std::optional<IpAddress> ip,
                               std::optional<std::string> interface) {
    TRY(sessions_.sign_in({.client = grant.client,
                           .method = std::string(kRemote),
                           .user = grant.identity.user,
                           .timeout = grant.identity.timeout,
                           .policy = grant.identity.policy,
                           .ip = ip,
                           .interface = std::move(interface)}));
    remote_.use(grant);
    return {};
}

bool ResponderService::is_configured(std::string_view method) const {
    return std::ranges::find(methods_, method) != methods_.end();
}

}  // namespace portal::control
