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

// Grants that one address may bring in vain in an hour. They cannot be guessed: this bounds work.
constexpr std::uint32_t kBadGrantsPerHour = 600;

constexpr std::string_view kRemote = "remote";

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

ipc::Outcome outcome_of(SessionManager::Refusal::Ground ground) {
    switch (ground) {
        case SessionManager::Refusal::Ground::vlan:
            return ipc::Outcome::elsewhere;
        case SessionManager::Refusal::Ground::hours:
            return ipc::Outcome::not_now;
        case SessionManager::Refusal::Ground::devices:
            return ipc::Outcome::devices;
    }
    std::unreachable();
}

}  // namespace

// A client that is to be signed in.
struct ResponderService::Attempt {
    ClientId client;
    std::optional<IpAddress> ip;           // none: the client itself is not there
    std::optional<std::string> interface;  // likewise
    std::string method;
    std::string user;                    // as typed, or as granted
    std::optional<std::string> account;  // that its failure counts for
    bool counted = false;                // by the limiters
};

// An attempt over a connection of the client's, until it is answered.
struct ResponderService::Pending {
    std::uint64_t id = 0;
    Flow flow;
    Attempt attempt;
    Answer answer;

    Pending(std::uint64_t number, const Flow& connection, const dataplane::FlowOrigin& origin,
            std::string method, const Topology& topology, Answer reply_to)
        : id(number),
          flow(connection),
          attempt{.client = origin.client,
                  .ip = connection.client,
                  .interface = topology.name_of(origin.ifindex),
                  .method = std::move(method),
                  .user = {},
                  .account = {}},
          answer(std::move(reply_to)) {}

    void reply(ipc::Reply reply, const End& end) const {
        reply.devices = end.devices;
        this->reply(std::move(reply), end.outcome);
    }
    void reply(ipc::Reply reply, ipc::Outcome outcome) const {
        reply.id = id;
        reply.outcome = outcome;
        answer(reply);
    }
    void ask_to_wait(ipc::Reply reply, ipc::Outcome outcome, Seconds wait) const {
        reply.retry_after = wait;
        this->reply(std::move(reply), outcome);
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
      accounts_(Rules().account_attempts_per_hour),
      remote_(clock),
      callers_(kBadGrantsPerHour) {}

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
    tell_session(session_of(*origin), reply.caller);
    return reply;
}

// None for a station that has the MAC address of a session on another interface.
std::optional<Session> ResponderService::session_of(const dataplane::FlowOrigin& origin) const {
    auto session = sessions_.find(origin.client);
    if (session && session->interface && session->interface != topology_.name_of(origin.ifindex))
        return std::nullopt;
    return session;
}

void ResponderService::tell_session(const std::optional<Session>& session,
                                    ipc::Caller& caller) const {
    if (!session) return;
    caller.state = session->state;
    if (session->state != ClientState::authorized) return;
    caller.user = session->user;
    caller.usage = session->usage;
    if (session->expires_at)
        caller.remaining =
            std::clamp(std::chrono::ceil<Seconds>(*session->expires_at - clock_.wall()),
                       Seconds::zero(), kLongestDuration);
    if (const std::uint64_t quota = sessions_.limits_of(*session).quota; quota != 0)
        caller.data_remaining =
            quota - std::min(quota, session->usage.rx_bytes + session->usage.tx_bytes);
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
    if (!session_of(*origin)) return who_is(question.flow);
    if (const Status done = sessions_.sign_out(origin->client); !done) {
        log_error(within("signing out " + origin->client.to_string(), done.error()));
        return who_is(question.flow, ipc::Outcome::failed);
    }
    return who_is(question.flow);
}

void ResponderService::sign_in(std::uint64_t id, const ipc::SignIn& question, Answer answer) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return answer({.id = id, .outcome = ipc::Outcome::unknown});
    Pending pending(id, question.flow, *origin, question.method, topology_, std::move(answer));
    Attempt& attempt = pending.attempt;
    attempt.user = named_user(question);
    if (const auto outcome = decide_early(attempt))
        return pending.reply(who_is(pending.flow), *outcome);
    const auto found = authenticators_.find(question.method);
    if (found == authenticators_.end()) {
        deny(attempt, "the method takes no form");
        return pending.reply(who_is(pending.flow), ipc::Outcome::refused);
    }
    if (found->second->is_guessable()) {
        attempt.account = account_of(question);
        if (const Seconds wait = ration(attempt); wait > Seconds::zero())
            return pending.ask_to_wait(who_is(pending.flow), ipc::Outcome::throttled, wait);
    }
    authenticate(
        pending, found->second,
        {.user = question.user,
         .password = question.password,
         .voucher = question.voucher,
         .client = origin->client,
         .now = clock_.wall(),
         .session_timeout =
             [this, attempt](const std::optional<std::string>& policy) -> std::optional<Seconds> {
             const auto guest = guest_of(attempt, {.user = attempt.user, .policy = policy});
             if (sessions_.refusal_of(guest)) return std::nullopt;
             return sessions_.timeout_of(guest);
         }});
}

void ResponderService::authenticate(const Pending& pending,
                                    const std::shared_ptr<auth::Authenticator>& authenticator,
                                    auth::Credentials credentials) {
    const auto finish = [this, pending](const Result<auth::Identity>& identity) {
        const End end = settle(pending.attempt, identity);
        pending.reply(who_is(pending.flow), end);
    };
    if (!authenticator->is_slow()) return finish(authenticator->authenticate(credentials));
    const auto work = [finish, authenticator,
                       credentials = std::move(credentials)]() -> WorkerPool::Completion {
        return [finish, identity = authenticator->authenticate(credentials)] { finish(identity); };
    };
    if (workers_.submit(work)) return;
    take_back(pending.attempt);
    note(pending.attempt, AuditOutcome::failed, "too many sign-ins at a time");
    pending.ask_to_wait(who_is(pending.flow), ipc::Outcome::busy, kBusyWait);
}

ipc::Reply ResponderService::remote_start(const ipc::RemoteStart& question) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return {.outcome = ipc::Outcome::unknown};
    ipc::Reply reply = who_is(question.flow);
    if (!is_configured(kRemote) || reply.caller.state == ClientState::blocked) {
        reply.outcome = ipc::Outcome::refused;
        return reply;
    }
    std::optional<WantedPage> wanted;
    if (!question.url.empty()) wanted = {.url = question.url, .sealed = question.sealed};
    auto location = remote_.start(origin->client, reply.caller.portal_address, std::move(wanted));
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
    Pending pending(id, question.flow, *origin, std::string(kRemote), topology_, std::move(answer));
    Attempt& attempt = pending.attempt;
    if (const auto outcome = decide_early(attempt))
        return pending.reply(who_is(pending.flow), *outcome);
    if (const Seconds wait = ration(attempt); wait > Seconds::zero())
        return pending.ask_to_wait(who_is(pending.flow), ipc::Outcome::throttled, wait);
    auto grant = remote_.accept(question.grant);
    if (grant && grant->client != attempt.client)
        grant = fail(ErrorCode::denied, "the grant is for " + grant->client.to_string());
    if (grant) attempt.user = grant->identity.user.value_or("");
    const End end = settle(attempt, grant ? Result<auth::Identity>(grant->identity)
                                          : Result<auth::Identity>(std::unexpected(grant.error())));
    ipc::Reply reply = who_is(pending.flow);
    if (end.outcome == ipc::Outcome::done) {
        remote_.use(*grant);
        if (grant->wanted) {
            reply.location = grant->wanted->url;
            reply.sealed = grant->wanted->sealed;
        }
    }
    pending.reply(std::move(reply), end);
}

ipc::Reply ResponderService::remote_callback(const ipc::RemoteCallback& question) {
    const std::string peer = question.peer.to_string();
    if (const Seconds wait = callers_.retry_after(peer, clock_.monotonic()); wait > Seconds::zero())
        return {.outcome = ipc::Outcome::throttled, .retry_after = wait};
    if (!is_configured(kRemote))
        return {.outcome =
                    refuse_callback(peer, {ErrorCode::denied, "the method is not configured", {}})};
    const auto grant = remote_.accept(question.grant);
    if (!grant) return {.outcome = refuse_callback(peer, grant.error())};
    const Attempt attempt{.client = grant->client,
                          .ip = {},
                          .interface = last_seen_on(grant->client),
                          .method = std::string(kRemote),
                          .user = grant->identity.user.value_or(""),
                          .account = {}};
    ipc::Reply reply{.outcome = settle(attempt, grant->identity).outcome};
    if (reply.outcome != ipc::Outcome::done) return reply;
    remote_.use(*grant);
    reply.caller.client = grant->client;
    tell_session(sessions_.find(grant->client), reply.caller);
    return reply;
}

// For a sign-in without a connection of the client's.
std::optional<std::string> ResponderService::last_seen_on(const ClientId& client) const {
    const auto neighbors = gate_.neighbors();
    if (!neighbors) return std::nullopt;
    const dataplane::Neighbor* last = nullptr;
    for (const auto& neighbor : *neighbors)
        if (neighbor.client == client && (!last || neighbor.last_seen > last->last_seen))
            last = &neighbor;
    return last ? topology_.name_of(last->ifindex) : std::nullopt;
}

// Of a grant that tells of no client.
ipc::Outcome ResponderService::refuse_callback(const std::string& peer, const Error& error) {
    const bool replayed = error.code == ErrorCode::conflict;
    if (!replayed) callers_.count(peer, clock_.monotonic());
    Event denial{.time = clock_.wall(), .type = EventType::denial};
    denial.method = kRemote;
    denial.detail = error.what + ", from " + peer;
    events_.publish(std::move(denial));
    return replayed ? ipc::Outcome::replayed : ipc::Outcome::refused;
}

bool ResponderService::is_configured(std::string_view method) const {
    return std::ranges::find(methods_, method) != methods_.end();
}

// What needs no credentials: no voucher's use or grant is to be spent on it.
std::optional<ipc::Outcome> ResponderService::decide_early(const Attempt& attempt) {
    if (!is_configured(attempt.method)) {
        deny(attempt, "the method is not configured");
        return ipc::Outcome::refused;
    }
    const auto session = sessions_.find(attempt.client);
    if (session && session->state == ClientState::trusted) return ipc::Outcome::done;
    if (session && session->state == ClientState::blocked) {
        deny(attempt, "the client is blocked");
        return ipc::Outcome::refused;
    }
    return std::nullopt;
}

// Signs in whom the method has found, and has every end of an attempt on record.
ResponderService::End ResponderService::settle(const Attempt& attempt,
                                               const Result<auth::Identity>& identity) {
    const bool wrong = !identity && identity.error().code == ErrorCode::denied;
    const bool replayed = !identity && identity.error().code == ErrorCode::conflict;
    if (!wrong) take_back(attempt);
    if (wrong || replayed) {
        deny(attempt, identity.error().what);
        return {wrong ? ipc::Outcome::refused : ipc::Outcome::replayed};
    }
    if (identity) return sign_in_as(attempt, *identity);
    note(attempt, AuditOutcome::failed, identity.error().what);
    log_error(within("signing in " + attempt.client.to_string(), identity.error()));
    return {ipc::Outcome::failed};
}

ResponderService::End ResponderService::sign_in_as(const Attempt& attempt,
                                                   const auth::Identity& identity) {
    // An application that names what is not there is at fault; users and vouchers outlive policies.
    if (attempt.method == kRemote && identity.policy)
        if (const Status known = sessions_.check_policy(*identity.policy); !known) {
            deny(attempt, known.error().what);
            return {ipc::Outcome::refused};
        }
    const SessionManager::Guest guest = guest_of(attempt, identity);
    if (const auto refusal = sessions_.refusal_of(guest)) {
        deny(attempt, refusal->what);
        return {outcome_of(refusal->ground), refusal->devices};
    }
    const Status done = sessions_.sign_in(guest);
    if (done) return {ipc::Outcome::done};
    const ErrorCode why = done.error().code;
    if (why == ErrorCode::denied || why == ErrorCode::invalid) {
        deny(attempt, done.error().what);
        return {ipc::Outcome::refused};
    }
    log_error(within("signing in " + attempt.client.to_string(), done.error()));
    return {ipc::Outcome::failed};
}

SessionManager::Guest ResponderService::guest_of(const Attempt& attempt,
                                                 const auth::Identity& identity) const {
    return {.client = attempt.client,
            .method = attempt.method,
            .user = identity.user,
            .ip = attempt.ip,
            .interface = attempt.interface,
            .timeout = identity.timeout,
            .policy = identity.policy,
            .attempts = clients_.failures(attempt.client, clock_.monotonic())};
}

void ResponderService::deny(const Attempt& attempt, std::string why) {
    note(attempt, AuditOutcome::refused, why);
    Event denial{.time = clock_.wall(), .type = EventType::denial, .client = attempt.client};
    denial.ip = attempt.ip;
    denial.interface = attempt.interface;
    if (!attempt.user.empty()) denial.user = attempt.user;
    denial.method = attempt.method;
    denial.detail = std::move(why);
    events_.publish(std::move(denial));
}

void ResponderService::note(const Attempt& attempt, AuditOutcome outcome, std::string detail) {
    AuditRecord record{.client = attempt.client,
                       .interface = attempt.interface,
                       .ip = attempt.ip,
                       .method = attempt.method,
                       .outcome = outcome,
                       .attempts = clients_.failures(attempt.client, clock_.monotonic())};
    if (!attempt.user.empty()) record.user = attempt.user;
    if (!detail.empty()) record.detail = std::move(detail);
    audit_.note(std::move(record));
}

// Counts the attempt as failed; at a limit it does not, and says how long to wait.
Seconds ResponderService::ration(Attempt& attempt) {
    const MonotonicTime now = clock_.monotonic();
    Seconds wait = clients_.retry_after(attempt.client, now);
    if (attempt.account) wait = std::max(wait, accounts_.retry_after(*attempt.account, now));
    if (wait > Seconds::zero()) {
        note(attempt, AuditOutcome::throttled, {});
        return wait;
    }
    clients_.count(attempt.client, now);
    if (attempt.account) accounts_.count(*attempt.account, now);
    attempt.counted = true;
    return wait;
}

void ResponderService::take_back(const Attempt& attempt) {
    if (!attempt.counted) return;
    const MonotonicTime now = clock_.monotonic();
    clients_.take_back(attempt.client, now);
    if (attempt.account) accounts_.take_back(*attempt.account, now);
}

}  // namespace portal::control
