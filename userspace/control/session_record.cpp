#include "control/session_record.h"

namespace portal::control {

namespace {

WallTime wall_time_of(MonotonicTime time, const Clock& clock) {
    return clock.wall() +
           std::chrono::duration_cast<std::chrono::milliseconds>(time - clock.monotonic());
}

}  // namespace

dataplane::ClientEntry entry_of(const Session& session, std::optional<MonotonicTime> expires_at,
                                MonotonicTime now, const Placement& placement,
                                const Limits& limits) {
    dataplane::ClientEntry entry{.client = session.client,
                                 .state = session.state,
                                 .session = session.id,
                                 .expires_at = expires_at,
                                 .idle_timeout = session.idle_timeout,
                                 .last_seen = now,
                                 .limits = limits};
    placement.place(session, entry);
    return entry;
}

Session live(const SessionRecord& record, const dataplane::ClientEntry& entry, const Usage& usage,
             const Clock& clock) {
    Session session = record.session;
    session.usage = usage;
    session.expires_at.reset();
    if (entry.expires_at) session.expires_at = wall_time_of(*entry.expires_at, clock);
    if (entry.last_seen > record.idle_from)
        session.last_seen = wall_time_of(entry.last_seen, clock);
    return session;
}

}  // namespace portal::control
