// Where sessions outlive the daemon. One row a client: who is signed in, trusted or blocked.
//
// Every call may wait for the disk, and is durable when it returns: what was acknowledged is there
// after a power cut. On failure nothing has changed. Any thread; calls are taken one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "domain/audit.h"
#include "domain/session.h"

namespace portal::store {

// How far a session has come.
struct Checkpoint {
    std::uint64_t session = 0;  // Session::id
    Usage usage;
    std::optional<WallTime> last_seen;  // none: leaves what is stored
};

class SessionStore {
  public:
    virtual ~SessionStore() = default;

    // All sessions, sorted by client. Expired ones too: expiry is the caller's business.
    virtual Result<std::vector<Session>> load_all() = 0;

    // Stores `session` in place of any its client has. Returns its id: a new one where
    // `session.id` is 0, else the same. An id is never given twice, not even after erase().
    // ErrorCode::conflict if the id is another client's. With `record`, which may be null, that
    // is appended to the audit trail: both are stored or neither.
    virtual Result<std::uint64_t> put(const Session& session, const AuditRecord* record) = 0;

    // Ends the client's session; whether there was one. `record` as in put().
    virtual Result<bool> erase(const ClientId& client, const AuditRecord* record) = 0;

    // Updates all or none. A session that is gone is passed over.
    virtual Status checkpoint(std::span<const Checkpoint> checkpoints) = 0;
};

}  // namespace portal::store
