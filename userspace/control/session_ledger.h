// The sessions in the store and in the client table, kept as one.
//
// Every change is in the store first and then in the table; when a call returns without an error
// it is durable and in force, and when it returns with one, both are as they were.
//
// One thread. The store's calls wait for the disk.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/deadlines.h"
#include "control/placement.h"
#include "control/session_record.h"
#include "dataplane/client_table.h"
#include "domain/audit.h"
#include "domain/session.h"
#include "store/session_store.h"

namespace portal::control {

class SessionLedger {
  public:
    // All must outlive this.
    SessionLedger(store::SessionStore& store, dataplane::ClientTable& table, const Clock& clock);

    // Takes over what the store and the pinned table hold. Once, before anything else. Returns
    // the sessions that ended meanwhile.
    Result<std::vector<Session>> open(const LimitsOf& limits_of);

    // For sessions from now on, and for those there are: ErrorCode of the first that the table
    // refused; the others are placed.
    Status place(Placement placement);

    // As they stand now; what is over by the kernel's clock is not there.
    std::optional<Session> find(const ClientId& client) const;
    // Sorted by client.
    Result<std::vector<Session>> list() const;

    // A session with the MAC address of `client` on another VLAN.
    std::optional<Session> find_namesake(const ClientId& client) const;

    bool has_room_for(const ClientId& client) const;
    std::size_t capacity() const { return table_.capacity(); }

    // How long a session lasts from now on, and what it may use; without one it lasts until it is
    // ended, and may use what there is.
    struct Term {
        Seconds timeout;
        Seconds idle_timeout;
        Limits limits = {};
    };
    // Puts `next` in the place of whatever its client has. With the id of the session that is
    // there, that one goes on counting; with 0 another begins. `record` is stored with it; where
    // the table refuses, it stays.
    Status put(Session next, const std::optional<Term>& term,
               const std::optional<AuditRecord>& record);

    // A session's policy, and what that allows.
    struct Share {
        std::string policy;
        Limits limits;
    };
    // Gives each session that is signed in what `share_of` says; it goes on as it is otherwise.
    // The store is not told: who knows the policies can tell again. How many were changed; after an
    // error, those that could be.
    Result<std::size_t> share_out(const std::function<Share(const Session&)>& share_of);

    // How many clients but `except` are signed in by `method` as `user`.
    std::size_t count_devices(std::string_view method, std::string_view user,
                              const ClientId& except) const;

    // `record` as in put().
    Status end(const ClientId& client, const std::optional<AuditRecord>& record);

    // Clients whose session may be over; one may be there twice.
    std::vector<ClientId> due() const;
    enum class Cause { timeout, idle, quota, removed /* from the table, by others */ };
    struct Ended {
        Session session;
        Cause cause;
    };
    // Ends the session of a client that is due, if it is over.
    Result<std::optional<Ended>> collect(const ClientId& client);

    // Writes usage and last_seen to the store, in one transaction.
    Status checkpoint();

  private:
    Status replace_all();
    void undo(const ClientId& client, const SessionRecord* before);

    store::SessionStore& store_;
    dataplane::ClientTable& table_;
    const Clock& clock_;
    Placement placement_;
    std::map<ClientId, SessionRecord> records_;  // what the store holds
    Deadlines deadlines_;
};

}  // namespace portal::control
