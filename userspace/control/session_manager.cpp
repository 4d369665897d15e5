#include "control/session_manager.h"

#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace portal::control {

namespace {

constexpr const char* kOperator = "operator";

std::unexpected<Error> refuse_state(const ClientId& client, ClientState state) {
    return state == ClientState::blocked
               ? fail(ErrorCode::conflict, client.to_string() + " is blocked", "unblock it first")
               : fail(ErrorCode::conflict, client.to_string() + " is trusted", "untrust it first");
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
    TRY_ASSIGN(const std::vector<Session> ended, ledger_.open());
    for (const Session& session : ended) {
        Event expiry = event(EventType::expiry, session);
        expiry.detail = "while portald was not running";
        cut_(session.client);
        events_.publish(std::move(expiry));
    }
    return {};
}

Status SessionManager::authorize(const ClientId& client, const Grant& grant) {
    TRY(check_client(client));
    if (grant.policy) TRY(check_policy(*grant.policy));
    if (grant.user) TRY(check_name("user", *grant.user));
    const Seconds timeout = grant.timeout.value_or(rules_.timeout);
    if (timeout <= Seconds::zero() || timeout > kLongestDuration)
        return fail(ErrorCode::invalid, "a session cannot last " + format_duration(timeout),
                    "give a time from 1s to ten years");

    const auto current = find(client);
    if (current && current->state != ClientState::authorized)
        return refuse_state(client, current->state);
    Session next = current ? *current : new_session(client, ClientState::authorized, kOperator);
    if (grant.policy) next.policy = *grant.policy;
    if (grant.user) next.user = *grant.user;
    TRY(commit(next, SessionLedger::Term{timeout, rules_.idle_timeout},
               by_operator(next, "authorized")));
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
    if (guest.policy) TRY(check_policy(*guest.policy));
    Session next = new_session(guest.client, ClientState::authorized, guest.method);
    next.user = guest.user;
    std::optional<std::string> moved;
    if (const auto current = find(guest.client)) {
        if (current->state == ClientState::blocked)
            return fail(ErrorCode::denied, guest.client.to_string() + " is blocked");
        if (current->state == ClientState::trusted) return {};
        if (current->method == guest.method && current->user == guest.user) next = *current;
        moved = describe_move(*current, guest.interface);
    }
    if (guest.interface) next.interface = guest.interface;
    if (guest.policy) next.policy = *guest.policy;
    TRY(commit(next,
               SessionLedger::Term{guest.timeout.value_or(rules_.timeout), rules_.idle_timeout},
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

void SessionManager::sweep() {
    for (const ClientId& client : ledger_.due()) {
        const auto ended = ledger_.collect(client);
        if (!ended) {
            log_error(within("ending the session of " + client.to_string(), ended.error()));
            return;
        }
        if (!*ended) continue;
        cut_(client);
        Event expiry = event(EventType::expiry, (*ended)->session);
        expiry.detail = (*ended)->cause;
        events_.publish(std::move(expiry));
    }
}

Status SessionManager::check_client(const ClientId& client) const {
    if (!gateway_macs_.contains(client.mac)) return {};
    return fail(ErrorCode::invalid, client.mac.to_string() + " is the gateway's own address",
                "give the address of a client; see portalctl client show");
}

Status SessionManager::check_policy(const std::string& policy) const {
    if (rules_.policies.contains(policy)) return {};
    return fail(ErrorCode::not_found, "there is no policy \"" + printable(policy) + "\"",
                "portalctl policy show lists those of the configuration");
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
