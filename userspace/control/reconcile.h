// After a start: the store and the pinned client table brought to agree.
//
// The table rules over the sessions it holds, since its clock cannot be set: neither a client
// that was told yes is lost, nor one whose time is over let in. The store rules over who is there
// at all, the configuration over what each may use.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/session_record.h"
#include "dataplane/client_table.h"
#include "store/session_store.h"

namespace portal::control {

struct Reconciled {
    std::vector<SessionRecord> sessions;  // in force
    std::vector<Session> ended;           // expired meanwhile; gone from both
};

// On failure the table may be partly brought up to date; each entry in it is then still one the
// store vouches for, or was there before. ErrorCode::full: more sessions than the table holds.
Result<Reconciled> reconcile(store::SessionStore& store, dataplane::ClientTable& table,
                             const Placement& placement, const LimitsOf& limits_of,
                             const Clock& clock);

}  // namespace portal::control
