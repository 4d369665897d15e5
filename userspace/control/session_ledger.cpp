#include "control/session_ledger.h"

#include <utility>

#include "base/log.h"
#include "control/reconcile.h"

namespace portal::control {

namespace {

// Why an entry does not count any more.
SessionLedger::Cause cause_of(const std::optional<dataplane::ClientEntry>& entry,
                              MonotonicTime now) {
    using enum SessionLedger::Cause;
    if (!entry) return removed;
    if (entry->spent) return quota;
    return entry->expires_at && *entry->expires_at <= now ? timeout : idle;
}

}  // namespace

SessionLedger::SessionLedger(store::SessionStore& store, dataplane::ClientTable& table,
                             const Clock& clock)
    : store_(store), table_(table), clock_(clock) {}

Result<std::vector<Session>> SessionLedger::open(const LimitsOf& limits_of) {
    TRY_ASSIGN(Reconciled reconciled, reconcile(store_, table_, placement_, limits_of, clock_));
    for (SessionRecord& record : reconciled.sessions) {
        const ClientId client = record.session.client;
        if (const auto entry = table_.find(client)) deadlines_.set(*entry);
        records_.insert_or_assign(client, std::move(record));
    }
    // What the table kept may be of other interfaces' indices.
    TRY(replace_all());
    return std::move(reconciled.ended);
}

Status SessionLedger::place(Placement placement) {
    if (placement == placement_) return {};
    placement_ = std::move(placement);
    return replace_all();
}

Status SessionLedger::replace_all() {
    Status done;
    for (const auto& [client, record] : records_) {
        const auto entry = table_.find(client);
        if (!entry) continue;
        dataplane::ClientEntry placed = *entry;
        placement_.place(record.session, placed);
        if (placed == *entry) continue;
        if (const Status put = table_.put(placed, record.session.usage); !put && done) done = put;
    }
    return done;
}

std::optional<Session> SessionLedger::find(const ClientId& client) const {
    const auto record = records_.find(client);
    if (record == records_.end()) return std::nullopt;
    const auto entry = table_.find(client);
    if (!entry || !is_alive(*entry, clock_.monotonic())) return std::nullopt;
    return live(record->second, *entry, table_.usage(client), clock_);
}

Result<std::vector<Session>> SessionLedger::list() const {
    TRY_ASSIGN(const std::vector<dataplane::ClientEntry> entries, table_.list());
    const MonotonicTime now = clock_.monotonic();
    std::map<ClientId, Session> sessions;
    for (const auto& entry : entries) {
        const auto record = records_.find(entry.client);
        if (record == records_.end() || !is_alive(entry, now)) continue;
        sessions.emplace(entry.client,
                         live(record->second, entry, table_.usage(entry.client), clock_));
    }
    std::vector<Session> sorted;
    sorted.reserve(sessions.size());
    for (auto& [client, session] : sessions)
        sorted.push_back(std::move(session));
    return sorted;
}

std::optional<Session> SessionLedger::find_namesake(const ClientId& client) const {
    for (auto record = records_.lower_bound({client.mac, 0});
         record != records_.end() && record->first.mac == client.mac; ++record) {
        if (record->first == client) continue;
        if (auto session = find(record->first)) return session;
    }
    return std::nullopt;
}

bool SessionLedger::has_room_for(const ClientId& client) const {
    return records_.contains(client) || records_.size() < table_.capacity();
}

Status SessionLedger::put(Session next, const std::optional<Term>& term,
                          const std::optional<AuditRecord>& record) {
    const MonotonicTime now = clock_.monotonic();
    std::optional<MonotonicTime> expires_at;
    Limits limits;
    next.expires_at.reset();
    next.idle_timeout = Seconds::zero();
    if (term) {
        expires_at = now + term->timeout;
        next.expires_at = clock_.wall() + term->timeout;
        next.idle_timeout = term->idle_timeout;
        limits = term->limits;
    }
    const auto known = records_.find(next.client);
    const SessionRecord* before = known == records_.end() ? nullptr : &known->second;

    TRY_ASSIGN(next.id, store_.put(next, record ? &*record : nullptr));
    const dataplane::ClientEntry entry = entry_of(next, expires_at, now, placement_, limits);
    if (const Status put = table_.put(entry, next.usage); !put) {
        undo(next.client, before);
        return put;
    }
    deadlines_.set(entry);
    records_.insert_or_assign(next.client, SessionRecord{next, now});
    return {};
}

Result<std::size_t> SessionLedger::share_out(const std::function<Share(const Session&)>& share_of) {
    const MonotonicTime now = clock_.monotonic();
    std::size_t changed = 0;
    Status status;
    for (auto& [client, record] : records_) {
        Session& session = record.session;
        if (session.state != ClientState::authorized) continue;
        auto entry = table_.find(client);
        if (!entry || !is_alive(*entry, now)) continue;
        Share share = share_of(session);
        const bool same = share.policy == session.policy && share.limits == entry->limits;
        if (same) continue;
        entry->limits = share.limits;
        if (const Status put = table_.put(*entry, session.usage); !put) {
            status = put;
            continue;
        }
        session.policy = std::move(share.policy);
        ++changed;
    }
    TRY(status);
    return changed;
}

std::size_t SessionLedger::count_devices(std::string_view method, std::string_view user,
                                         const ClientId& except) const {
    std::size_t count = 0;
    for (const auto& [client, record] : records_) {
        const Session& session = record.session;
        if (client != except && session.state == ClientState::authorized &&
            session.method == method && session.user == user && find(client))
            ++count;
    }
    return count;
}

Status SessionLedger::end(const ClientId& client, const std::optional<AuditRecord>& record) {
    TRY(store_.erase(client, record ? &*record : nullptr));
    if (const Status erased = table_.erase(client); !erased) {
        undo(client, &records_.at(client));
        return erased;
    }
    deadlines_.clear(client);
    records_.erase(client);
    return {};
}

std::vector<ClientId> SessionLedger::due() const {
    std::vector<ClientId> clients = deadlines_.due(clock_.monotonic());
    const std::vector<ClientId> spent = table_.spent();
    clients.insert(clients.end(), spent.begin(), spent.end());
    return clients;
}

Result<std::optional<SessionLedger::Ended>> SessionLedger::collect(const ClientId& client) {
    if (!records_.contains(client)) return std::nullopt;
    const MonotonicTime now = clock_.monotonic();
    const auto entry = table_.find(client);
    if (entry && is_alive(*entry, now)) {
        deadlines_.set(*entry);
        return std::nullopt;
    }
    Ended ended{records_.at(client).session, cause_of(entry, now)};
    TRY(end(client, std::nullopt));
    return ended;
}

Status SessionLedger::checkpoint() {
    TRY_ASSIGN(const std::vector<Session> sessions, list());
    std::vector<store::Checkpoint> checkpoints;
    for (const Session& session : sessions) {
        const Session& stored = records_.at(session.client).session;
        if (session.usage != stored.usage || session.last_seen != stored.last_seen)
            checkpoints.emplace_back(session.id, session.usage, session.last_seen);
    }
    TRY(store_.checkpoint(checkpoints));
    for (const Session& session : sessions) {
        Session& stored = records_.at(session.client).session;
        stored.usage = session.usage;
        stored.last_seen = session.last_seen;
    }
    return {};
}

// The store again as it was before a change that the table refused.
void SessionLedger::undo(const ClientId& client, const SessionRecord* before) {
    Status undone;
    if (before) {
        if (const auto put = store_.put(before->session, nullptr); !put)
            undone = std::unexpected(put.error());
    } else if (const auto erased = store_.erase(client, nullptr); !erased) {
        undone = std::unexpected(erased.error());
    }
    if (!undone) log_error(within("undoing a change of " + client.to_string(), undone.error()));
}

}  // namespace portal::control
