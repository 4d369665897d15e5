#include "control/session_manager.h"

#include <utility>

#include "auth/voucher.h"
#include "base/local_time.h"
#include "base/log.h"
#include "base/text.h"

namespace portal::control {

namespace {

using Cause = SessionLedger::Cause;

constexpr const char* kOperator = "operator";

std::unexpected<Error> refuse_state(const ClientId& client, ClientState state) {
    return state == ClientState::blocked
               ? fail(ErrorCode::conflict, client.to_string() + " is blocked", "unblock it first")
               : fail(ErrorCode::conflict, client.to_string() + " is trusted", "untrust it first");
}

// Why a policy that was named does not apply.
std::optional<SessionManager::Refusal> obstacle_of(
    const std::pair<const std::string, Policy>& named, std::uint16_t vlan, TimeOfDay time) {
    using Refusal = SessionManager::Refusal;
    const auto& [name, policy] = named;
    if (!policy.admits(vlan))
        return Refusal{
            .ground = Refusal::Ground::vlan,
            .what = "policy \"" + name + "\" does not apply on VLAN " + std::to_string(vlan)};
    if (!policy.holds_at(time))
        return Refusal{
            .ground = Refusal::Ground::hours,
            .what = "policy \"" + name + "\" applies at " + policy.hours->to_string() + " only"};
    return std::nullopt;
}

// What an event says beside its type.
std::optional<std::string> detail_of(Cause cause) {
    switch (cause) {
        case Cause::timeout:
            return "timeout";
        case Cause::idle:
            return "idle";
        case Cause::removed:
            return "removed";
        case Cause::quota:
            return std::nullopt;
    }
    std::unreachable();
}

// What the record says of a session that goes on, or is begun anew, on another interface.
std::optional<std::string> describe_move(const Session& current,
                                         const std::optional<std::string>& interface) {
    if (!current.interface || !interface || current.interface == interface) return std::nullopt;
    return "moved from " + *current.interface + " to " + *interface;
}

}  // namespace

SessionManager::SessionManager(store::SessionStore& store, dataplane::ClientTable& table,
                               const Clock& clock, EventBus& events, AuditTrail& audit)
    : clock_(clock), events_(events), audit_(audit), ledger_(store, table, clock) {}

Status SessionManager::start() {
    TRY_ASSIGN(const std::vector<Session> ended,
               ledger_.open([this](const Session& session) { return limits_to_be(session); }));
    for (const Session& session : ended) {
        Event expiry = event(EventType::expiry, session);
        expiry.detail = "while portald was not running";
        cut_(session.client);
        events_.publish(std::move(expiry));
    }
    reconsider();
    return {};
}

void SessionManager::set_rules(Rules rules) {
    rules_ = std::move(rules);
    reconsider();
}

Status SessionManager::authorize(const ClientId& client, const Grant& grant) {
    TRY(check_client(client));
    if (grant.policy) TRY(check_policy(*grant.policy));
    if (grant.user) TRY(check_name("user", *grant.user));
    if (grant.timeout && (*grant.timeout <= Seconds::zero() || *grant.timeout > kLongestDuration))
        return fail(ErrorCode::invalid, "a session cannot last " + format_duration(*grant.timeout),
                    "give a time from 1s to ten years");

    const auto current = ledger_.find(client);
    if (current && current->state != ClientState::authorized)
        return refuse_state(client, current->state);
    Session next = current ? *current : new_session(client, ClientState::authorized, kOperator);
    if (grant.policy) {
        if (const auto obstacle = obstacle_of(in_force(*grant.policy), client.vlan, time_of_day()))
            return fail(ErrorCode::conflict, obstacle->what,
                        "name another policy, or change that one's conditions and reload");
        next.policy = *grant.policy;
        next.policy_named = true;
    }
    if (grant.user) next.user = *grant.user;
    choose_policy_of(next);
    TRY(commit(next, term(next, grant.timeout), by_operator(next, "authorized")));
    events_.publish(event(EventType::sign_in, next));
    return {};
}

Status SessionManager::deauthorize(const ClientId& client) {
    const auto current = find(client);
    if (!current || current->state == ClientState::blocked)
        return fail(ErrorCode::not_found, client.to_string() + " is not signed in");
    const bool trusted = current->state == ClientState::trusted;
    TRY(end(*current, by_operator(*current, trusted ? "untrusted" : "deauthorized")));
    events_.publish(event(trusted ? EventType::untrusted : EventType::sign_out, *current));
    return {};
}

Status SessionManager::block(const ClientId& client) {
    return mark(client, ClientState::blocked, EventType::blocked);
}

Status SessionManager::trust(const ClientId& client) {
    return mark(client, ClientState::trusted, EventType::trusted);
}

Status SessionManager::unblock(const ClientId& client) {
    return unmark(client, ClientState::blocked, EventType::unblocked);
}

Status SessionManager::untrust(const ClientId& client) {
    return unmark(client, ClientState::trusted, EventType::untrusted);
}

Status SessionManager::sign_in(const Guest& guest) {
    TRY(check_client(guest.client));
    const auto current = ledger_.find(guest.client);
    if (current && current->state == ClientState::blocked)
        return fail(ErrorCode::denied, guest.client.to_string() + " is blocked");
    if (current && current->state == ClientState::trusted) return {};
    if (const auto refusal = refusal_of(guest)) return fail(ErrorCode::denied, refusal->what);
    const Session next = begin(guest, current);
    const auto moved = current ? describe_move(*current, guest.interface) : std::nullopt;
    TRY(commit(next, term(next, guest.timeout),
               {.client = guest.client,
                .interface = guest.interface,
                .ip = guest.ip,
                .method = guest.method,
                .user = guest.user,
                .attempts = guest.attempts,
                .detail = moved}));
    Event signed_in = event(EventType::sign_in, next);
    signed_in.ip = guest.ip;
    signed_in.interface = guest.interface;
    signed_in.detail = std::move(moved);
    events_.publish(std::move(signed_in));
    return {};
}

std::optional<SessionManager::Refusal> SessionManager::refusal_of(const Guest& guest) const {
    const auto current = ledger_.find(guest.client);
    if (current && current->state != ClientState::authorized) return std::nullopt;
    const Session next = begin(guest, current);
    const auto& policy = in_force(next.policy);
    // A list has chosen one that applies.
    if (guest.policy)
        if (auto obstacle = obstacle_of(policy, guest.client.vlan, time_of_day())) return obstacle;
    // Vouchers count their devices themselves.
    const std::uint32_t devices = policy.second.devices;
    if (devices == 0 || !guest.user || guest.method == auth::Voucher::kMethod || next.id != 0)
        return std::nullopt;
    if (ledger_.count_devices(guest.method, *guest.user, guest.client) < devices)
        return std::nullopt;
    return Refusal{.ground = Refusal::Ground::devices,
                   .what = "signed in on " + std::to_string(devices) +
                           (devices == 1 ? " device" : " devices") + " already",
                   .devices = devices};
}

Seconds SessionManager::timeout_of(const Guest& guest) const {
    return term(begin(guest, ledger_.find(guest.client)), std::nullopt).timeout;
}

Status SessionManager::sign_out(const ClientId& client) {
    const auto current = find(client);
    if (!current || current->state != ClientState::authorized) return {};
    TRY(ledger_.end(client, std::nullopt));
    cut_(client);
    events_.publish(event(EventType::sign_out, *current));
    return {};
}

Result<std::size_t> SessionManager::end_all(std::string_view method, std::string_view user,
                                            std::string why) {
    std::size_t count = 0;
    TRY_ASSIGN(const std::vector<Session> sessions, list());
    for (const Session& session : sessions) {
        if (session.state != ClientState::authorized || session.method != method ||
            session.user != user)
            continue;
        TRY(end(session, by_operator(session, why)));
        Event ended = event(EventType::sign_out, session);
        ended.detail = why;
        events_.publish(std::move(ended));
        ++count;
    }
    return count;
}

std::optional<WallTime> SessionManager::next_change() const {
    std::vector<TimeOfDay> times;
    for (const auto& [method, names] : rules_.by_method) {
        for (const std::string& name : names) {
            const auto policy = rules_.policies.find(name);
            if (policy == rules_.policies.end() || !policy->second.hours) continue;
            times.push_back(policy->second.hours->from);
            times.push_back(policy->second.hours->to);
        }
    }
    if (times.empty()) return std::nullopt;
    return next_local_change(clock_.wall(), times);
}

void SessionManager::reconsider() {
    const auto changed = ledger_.share_out([this](const Session& session) {
        Session next = session;
        choose_policy_of(next);
        return Share{next.policy, in_force(next.policy).second.limits};
    });
    to_reconsider_ = !changed;
    if (!changed)
        log_error(within("applying the policies", changed.error()));
    else if (*changed > 0)
        spdlog::info("{} session(s) have other limits or another policy now", *changed);
}

std::optional<Session> SessionManager::find(const ClientId& client) const {
    auto session = ledger_.find(client);
    if (session) session->policy = in_force(session->policy).first;
    return session;
}

Result<std::vector<Session>> SessionManager::list() const {
    TRY_ASSIGN(std::vector<Session> sessions, ledger_.list());
    for (Session& session : sessions)
        session.policy = in_force(session.policy).first;
    return sessions;
}

const Limits& SessionManager::limits_of(const Session& session) const {
    return in_force(session.policy).second.limits;
}

Result<std::map<std::string, std::size_t, std::less<>>> SessionManager::count_by_policy() const {
    TRY_ASSIGN(const std::vector<Session> sessions, list());
    std::map<std::string, std::size_t, std::less<>> counts;
    for (const Session& session : sessions)
        if (session.state == ClientState::authorized) ++counts[session.policy];
    return counts;
}

Result<std::map<std::string, std::vector<ClientId>>> SessionManager::without_policy() const {
    TRY_ASSIGN(const std::vector<Session> sessions, ledger_.list());
    std::map<std::string, std::vector<ClientId>> clients;
    for (const Session& session : sessions)
        if (session.state == ClientState::authorized && !has_policy(session.policy))
            clients[session.policy].push_back(session.client);
    return clients;
}

void SessionManager::sweep() {
    if (to_reconsider_) reconsider();
    for (const ClientId& client : ledger_.due()) {
        const auto ended = ledger_.collect(client);
        if (!ended) {
            log_error(within("ending the session of " + client.to_string(), ended.error()));
            return;
        }
        if (!*ended) continue;
        cut_(client);
        Event over = event((*ended)->cause == Cause::quota ? EventType::quota : EventType::expiry,
                           (*ended)->session);
        over.detail = detail_of((*ended)->cause);
        events_.publish(std::move(over));
    }
}

Status SessionManager::check_client(const ClientId& client) const {
    if (!gateway_macs_.contains(client.mac)) return {};
    return fail(ErrorCode::invalid, client.mac.to_string() + " is the gateway's own address",
                "give the address of a client; see portalctl client show");
}

Status SessionManager::check_policy(const std::string& policy) const {
    if (has_policy(policy)) return {};
    return fail(ErrorCode::not_found, "there is no policy \"" + printable(policy) + "\"",
                "portalctl policy show lists those of the configuration");
}

Session SessionManager::begin(const Guest& guest, const std::optional<Session>& current) const {
    Session next = new_session(guest.client, ClientState::authorized, guest.method);
    next.user = guest.user;
    if (current && current->method == guest.method && current->user == guest.user) next = *current;
    if (guest.policy) {
        next.policy = *guest.policy;
        next.policy_named = true;
    }
    if (guest.interface) next.interface = guest.interface;
    choose_policy_of(next);
    return next;
}

void SessionManager::choose_policy_of(Session& session) const {
    if (session.policy_named) return;
    const auto list = rules_.by_method.find(session.method);
    session.policy =
        list == rules_.by_method.end()
            ? kDefaultPolicy
            : choose_policy(rules_.policies, list->second, session.client.vlan, time_of_day());
}

const std::pair<const std::string, Policy>& SessionManager::in_force(
    std::string_view policy) const {
    const auto found = rules_.policies.find(policy);
    return found != rules_.policies.end() ? *found : *rules_.policies.find(kDefaultPolicy);
}

Limits SessionManager::limits_to_be(Session session) const {
    if (session.state != ClientState::authorized) return {};
    choose_policy_of(session);
    return in_force(session.policy).second.limits;
}

SessionLedger::Term SessionManager::term(const Session& session,
                                         const std::optional<Seconds>& timeout) const {
    const Policy& policy = in_force(session.policy).second;
    return {.timeout = timeout.value_or(policy.timeout.value_or(rules_.timeout)),
            .idle_timeout = policy.idle_timeout.value_or(rules_.idle_timeout),
            .limits = policy.limits};
}

TimeOfDay SessionManager::time_of_day() const {
    return local_time_of_day(clock_.wall());
}

Status SessionManager::commit(const Session& next, const std::optional<SessionLedger::Term>& term,
                              AuditRecord record) {
    // The dead make room without waiting to be collected.
    if (!ledger_.has_room_for(next.client)) sweep();
    Status done = ledger_.has_room_for(next.client)
                      ? ledger_.put(next, term, audit_.admit(record))
                      : fail(ErrorCode::full,
                             "all " + std::to_string(capacity()) + " places for clients are taken",
                             "end sessions, or raise limits.max_clients and restart");
    if (!done) {
        record.outcome = AuditOutcome::failed;
        record.detail = done.error().what;
        audit_.note(std::move(record));
    }
    return done;
}

Status SessionManager::end(const Session& session, AuditRecord record) {
    Status done = ledger_.end(session.client, audit_.admit(record));
    if (done) {
        cut_(session.client);
    } else {
        record.outcome = AuditOutcome::failed;
        record.detail = done.error().what;
        audit_.note(std::move(record));
    }
    return done;
}

Status SessionManager::mark(const ClientId& client, ClientState state, EventType type) {
    TRY(check_client(client));
    if (const auto current = find(client); current && current->state == state) return {};
    const Session next = new_session(client, state, kOperator);
    TRY(commit(next, std::nullopt, by_operator(next, std::string(to_string(state)))));
    if (state == ClientState::blocked) cut_(client);
    events_.publish(event(type, next));
    return {};
}

Status SessionManager::unmark(const ClientId& client, ClientState state, EventType type) {
    const auto current = find(client);
    if (!current || current->state != state)
        return fail(ErrorCode::not_found,
                    client.to_string() + " is not " + std::string(to_string(state)));
    TRY(end(*current, by_operator(*current, "un" + std::string(to_string(state)))));
    events_.publish(event(type, *current));
    return {};
}

Session SessionManager::new_session(const ClientId& client, ClientState state,
                                    std::string method) const {
    Session session;
    session.client = client;
    session.state = state;
    session.method = std::move(method);
    session.signed_in_at = clock_.wall();
    return session;
}

AuditRecord SessionManager::by_operator(const Session& session, std::string what) {
    return {.client = session.client,
            .method = kOperator,
            .user = session.user,
            .detail = std::move(what)};
}

Event SessionManager::event(EventType type, const Session& session) const {
    Event event{.time = clock_.wall(), .type = type, .client = session.client};
    event.user = session.user;
    event.method = session.method;
    return event;
}

}  // namespace portal::control
