#include "control/reconcile.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace portal::control {

namespace {

using Entries = std::map<ClientId, dataplane::ClientEntry>;

enum class Fate { kept, restored, ended };

const dataplane::ClientEntry* entry_for(const Entries& entries, const Session& session) {
    const auto entry = entries.find(session.client);
    if (entry == entries.end() || entry->second.session != session.id ||
        entry->second.state != session.state)
        return nullptr;
    return &entry->second;
}

Fate fate_of(const Session& session, const dataplane::ClientEntry* entry, const Clock& clock) {
    if (entry) return is_alive(*entry, clock.monotonic()) ? Fate::kept : Fate::ended;
    return session.expires_at && *session.expires_at <= clock.wall() ? Fate::ended : Fate::restored;
}

// What is left of a session by the wall clock. Where that clock is wrong, as after a boot without
// a battery, never more than the session was given.
std::optional<MonotonicTime> expiry_of(const Session& session, const Clock& clock) {
    if (!session.expires_at) return std::nullopt;
    const auto left =
        std::min(*session.expires_at - clock.wall(), *session.expires_at - session.signed_in_at);
    return clock.monotonic() + std::min<WallTime::duration>(left, kLongestDuration);
}

SessionRecord kept(const Session& session, const dataplane::ClientEntry& entry) {
    // Of a client not seen up to the last checkpoint, `last_seen` is when its session began.
    return {session, session.last_seen ? MonotonicTime::zero() : entry.last_seen};
}

Status check_room(std::size_t sessions, std::size_t capacity) {
    if (sessions <= capacity) return {};
    return fail(ErrorCode::full,
                "the store holds " + std::to_string(sessions) +
                    " sessions, the client table only " + std::to_string(capacity),
                "raise limits.max_clients");
}

}  // namespace

Result<Reconciled> reconcile(store::SessionStore& store, dataplane::ClientTable& table,
                             const Placement& placement, const LimitsOf& limits_of,
                             const Clock& clock) {
    TRY_ASSIGN(const std::vector<Session> sessions, store.load_all());
    TRY_ASSIGN(const std::vector<dataplane::ClientEntry> listed, table.list());
    Entries entries;
    for (const auto& entry : listed)
        entries.emplace(entry.client, entry);

    Reconciled result;
    std::vector<const Session*> to_restore;
    std::vector<dataplane::ClientEntry> to_limit;  // kept, with other limits than it had
    for (const Session& session : sessions) {
        const auto* entry = entry_for(entries, session);
        switch (fate_of(session, entry, clock)) {
            case Fate::kept:
                result.sessions.push_back(kept(session, *entry));
                if (const Limits limits = limits_of(session); limits != entry->limits) {
                    to_limit.push_back(*entry);
                    to_limit.back().limits = limits;
                }
                entries.erase(session.client);
                break;
            case Fate::restored:
                to_restore.push_back(&session);
                entries.erase(session.client);  // put() replaces it, without a gap
                break;
            case Fate::ended:
                result.ended.push_back(session);
                break;
        }
    }
    TRY(check_room(result.sessions.size() + to_restore.size(), table.capacity()));

    // Entries left over are of no session, or of one that ended.
    for (const Session& session : result.ended)
        TRY(store.erase(session.client, nullptr));
    for (const auto& [client, entry] : entries)
        TRY(table.erase(client));
    for (const auto& entry : to_limit)
        TRY(table.put(entry, {}));
    const MonotonicTime now = clock.monotonic();
    for (const Session* session : to_restore) {
        TRY(table.put(entry_of(*session, expiry_of(*session, clock), now, placement,
                               limits_of(*session)),
                      session->usage));
        result.sessions.push_back({*session, now});
    }
    return result;
}

}  // namespace portal::control
