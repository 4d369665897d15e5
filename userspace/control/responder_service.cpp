#include "control/responder_service.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "base/log.h"
#include "domain/voucher.h"

namespace portal::control {

namespace {

// How long a guest is asked to wait where all workers are busy.
constexpr Seconds kBusyWait{2};

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

// Whom an attempt is for, as far as what was typed tells: the user, or the voucher if it is one.
std::string named_user(const ipc::SignIn& question) {
    if (const auto code = parse_voucher_code(question.voucher)) return code->to_string();
    return question.user;
}

// What the account limiter counts by; a name that no account can have is counted for none.
std::optional<std::string> account_of(const ipc::SignIn& question) {
    if (!check_name("user", question.user)) return std::nullopt;
    return account_key(question.user);
}

}  // namespace

// A guest who is signing in.
struct ResponderService::Attempt {
    std::uint64_t id = 0;
    Flow flow;
    dataplane::FlowOrigin origin;
    std::string method;
    std::string user;                    // as typed
    std::optional<std::string> account;  // that its failure counts for
    Answer answer;
    bool counted = false;  // by the limiters

    void reply(ipc::Reply reply, ipc::Outcome outcome) const {
        reply.id = id;
        reply.outcome = outcome;
        answer(reply);
    }
};

ResponderService::ResponderService(Gate& gate, SessionManager& sessions, WorkerPool& workers,
                                   Authenticators authenticators, const Clock& clock,
                                   EventBus& events, AuditTrail& audit)
    : gate_(gate),
      sessions_(sessions),
      workers_(workers),
      authenticators_(std::move(authenticators)),
      clock_(clock),
      events_(events),
      audit_(audit),
      clients_(Rules().attempts_per_hour),
      accounts_(Rules().account_attempts_per_hour) {}

void ResponderService::configure(Rules rules) {
    methods_ = std::move(rules.methods);
    clients_.set_limit(rules.attempts_per_hour);
    accounts_.set_limit(rules.account_attempts_per_hour);
}

void ResponderService::ask(const ipc::Request& request, Answer answer) {
    const auto send = [&](ipc::Reply reply) {
        reply.id = request.id;
        answer(reply);
    };
    std::visit(Overloaded{
                   [&](const ipc::WhoIs& question) { send(who_is(question.flow)); },
                   [&](const ipc::SignOut& question) { send(sign_out(question)); },
                   [&](const ipc::SignIn& question) { sign_in(request.id, question, answer); },
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
    const auto session = sessions_.find(origin->client);
    if (!session) return reply;
    reply.caller.state = session->state;
    if (session->state != ClientState::authorized) return reply;
    reply.caller.user = session->user;
    reply.caller.usage = session->usage;
    if (session->expires_at)
        reply.caller.remaining =
            std::clamp(std::chrono::ceil<Seconds>(*session->expires_at - clock_.wall()),
                       Seconds::zero(), kLongestDuration);
    return reply;
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
    Attempt attempt{.id = id,
                    .flow = question.flow,
                    .origin = *origin,
                    .method = question.method,
                    .user = named_user(question),
                    .account = {},
                    .answer = std::move(answer)};
    const auto found = authenticators_.find(question.method);
    if (std::ranges::find(methods_, question.method) == methods_.end() ||
        found == authenticators_.end()) {
        deny(attempt, "the method is not configured");
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    // Not to be decided after a voucher's use is spent.
    if (const auto session = sessions_.find(origin->client)) {
        if (session->state == ClientState::trusted)
            return attempt.reply(who_is(attempt.flow), ipc::Outcome::done);
        if (session->state == ClientState::blocked) {
            deny(attempt, "the client is blocked");
            return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
        }
    }
    if (found->second->is_guessable()) {
        attempt.account = account_of(question);
        if (const Seconds wait = retry_after(attempt); wait > Seconds::zero()) {
            note(attempt, AuditOutcome::throttled, {});
            ipc::Reply reply = who_is(attempt.flow);
            reply.retry_after = wait;
            return attempt.reply(std::move(reply), ipc::Outcome::throttled);
        }
        count(attempt);
    }
    authenticate(attempt, found->second,
                 {.user = question.user,
                  .password = question.password,
                  .voucher = question.voucher,
                  .client = origin->client,
                  .now = clock_.wall(),
                  .session_timeout = sessions_.timeout()});
}

void ResponderService::authenticate(const Attempt& attempt,
                                    const std::shared_ptr<auth::Authenticator>& authenticator,
                                    auth::Credentials credentials) {
    if (!authenticator->is_slow()) return finish(attempt, authenticator->authenticate(credentials));
    const auto work = [this, attempt, authenticator,
                       credentials = std::move(credentials)]() -> WorkerPool::Completion {
        return [this, attempt, identity = authenticator->authenticate(credentials)] {
            finish(attempt, identity);
        };
    };
    if (workers_.submit(work)) return;
    take_back(attempt);
    note(attempt, AuditOutcome::failed, "too many sign-ins at a time");
    ipc::Reply reply = who_is(attempt.flow);
    reply.retry_after = kBusyWait;
    attempt.reply(std::move(reply), ipc::Outcome::busy);
}

void ResponderService::finish(const Attempt& attempt, const Result<auth::Identity>& identity) {
    const bool wrong = !identity && identity.error().code == ErrorCode::denied;
    if (!wrong) take_back(attempt);
    if (wrong) {
        deny(attempt, identity.error().what);
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    const ClientId client = attempt.origin.client;
    if (!identity) {
        note(attempt, AuditOutcome::failed, identity.error().what);
        log_error(within("signing in " + client.to_string(), identity.error()));
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::failed);
    }
    const Status done =
        sessions_.sign_in({.client = client,
                           .method = attempt.method,
                           .user = identity->user,
                           .ip = attempt.flow.client,
                           .interface = topology_.name_of(attempt.origin.ifindex),
                           .timeout = identity->timeout,
                           .policy = identity->policy,
                           .attempts = clients_.failures(client, clock_.monotonic())});
    if (done) return attempt.reply(who_is(attempt.flow), ipc::Outcome::done);
    if (done.error().code == ErrorCode::denied || done.error().code == ErrorCode::invalid) {
        deny(attempt, done.error().what);
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    log_error(within("signing in " + client.to_string(), done.error()));
    attempt.reply(who_is(attempt.flow), ipc::Outcome::failed);
}

void ResponderService::deny(const Attempt& attempt, std::string why) {
    note(attempt, AuditOutcome::refused, why);
    Event denial{.time = clock_.wall(), .type = EventType::denial, .client = attempt.origin.client};
    denial.ip = attempt.flow.client;
    denial.interface = topology_.name_of(attempt.origin.ifindex);
    if (!attempt.user.empty()) denial.user = attempt.user;
    denial.method = attempt.method;
    denial.detail = std::move(why);
    events_.publish(std::move(denial));
}

void ResponderService::note(const Attempt& attempt, AuditOutcome outcome, std::string detail) {
    const ClientId client = attempt.origin.client;
    AuditRecord record{.client = client,
                       .interface = topology_.name_of(attempt.origin.ifindex),
                       .ip = attempt.flow.client,
                       .method = attempt.method,
                       .outcome = outcome,
                       .attempts = clients_.failures(client, clock_.monotonic())};
    if (!attempt.user.empty()) record.user = attempt.user;
    if (!detail.empty()) record.detail = std::move(detail);
    audit_.note(std::move(record));
}

Seconds ResponderService::retry_after(const Attempt& attempt) const {
    const MonotonicTime now = clock_.monotonic();
    const Seconds wait = clients_.retry_after(attempt.origin.client, now);
    return attempt.account ? std::max(wait, accounts_.retry_after(*attempt.account, now)) : wait;
}

void ResponderService::count(Attempt& attempt) {
    const MonotonicTime now = clock_.monotonic();
    clients_.count(attempt.origin.client, now);
    if (attempt.account) accounts_.count(*attempt.account, now);
    attempt.counted = true;
}

void ResponderService::take_back(const Attempt& attempt) {
    if (!attempt.counted) return;
    const MonotonicTime now = clock_.monotonic();
    clients_.take_back(attempt.origin.client, now);
    if (attempt.account) accounts_.take_back(*attempt.account, now);
}

}  // namespace portal::control
