// A session as the session manager keeps it while it is in force.
#pragma once

#include <functional>
#include <optional>

#include "base/clock.h"
#include "control/placement.h"
#include "dataplane/client_table.h"
#include "domain/limits.h"
#include "domain/session.h"

namespace portal::control {

struct SessionRecord {
    Session session;  // as stored
    // What the table's `last_seen` began with: only a later one is a frame of the client.
    MonotonicTime idle_from{0};
};

// The table's entry for a session that ends at `expires_at`, idle from `now` on.
dataplane::ClientEntry entry_of(const Session& session, std::optional<MonotonicTime> expires_at,
                                MonotonicTime now, const Placement& placement,
                                const Limits& limits);

// What a session may use, by the rules of now.
using LimitsOf = std::function<Limits(const Session&)>;

// The session as it stands: what it has used, until when it lasts by the wall clock as it is now,
// and when a frame was last seen.
Session live(const SessionRecord& record, const dataplane::ClientEntry& entry, const Usage& usage,
             const Clock& clock);

}  // namespace portal::control
