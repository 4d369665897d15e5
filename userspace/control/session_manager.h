// Who is signed in, trusted or blocked: the one place that decides it.
//
// When a call returns without an error, the change is durable and in force; when it returns with
// one, nothing has changed. What an operator or a sign-in changes is in the audit trail as soon as
// it is in the store. What ends a session by itself is the kernel's monotonic clock; sweep()
// collects it.
//
// One thread. The store's calls wait for the disk.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/audit_trail.h"
#include "control/event_bus.h"
#include "control/session_ledger.h"
#include "dataplane/client_table.h"
#include "domain/session.h"
#include "store/session_store.h"

namespace portal::control {

class SessionManager {
  public:
    // What the configuration says of sessions.
    struct Rules {
        Seconds timeout = std::chrono::hours(8);
        Seconds idle_timeout{0};
        std::set<std::string, std::less<>> policies = {"default"};
    };

    // All must outlive this.
    SessionManager(store::SessionStore& store, dataplane::ClientTable& table, const Clock& clock,
                   EventBus& events, AuditTrail& audit);

    // For sessions that begin or are renewed from now on.
    void set_rules(Rules rules) { rules_ = std::move(rules); }
    // The addresses of the gateway itself, which no client may be.
    void set_gateway_macs(std::set<Mac> macs) { gateway_macs_ = std::move(macs); }

    // Called for each client that may use the gate no more, once that is in force.
    void on_cut(std::function<void(const ClientId&)> cut) { cut_ = std::move(cut); }

    // Where sessions count: by the interfaces there are, and as configured.
    Status place(Placement placement) { return ledger_.place(std::move(placement)); }

    // Takes over what the store and the pinned table hold. Once, before anything else.
    Status start();

    // What an operator may say of a session; what is left out is as configured, or as it was.
    struct Grant {
        std::optional<Seconds> timeout = {};
        std::optional<std::string> policy = {};
        std::optional<std::string> user = {};
    };
    // Signs a client in, known or not, or renews its session: it then lasts `timeout` from now,
    // and counts on. ErrorCode::conflict: it is trusted or blocked.
    Status authorize(const ClientId& client, const Grant& grant);
    // Ends a session or trust. ErrorCode::not_found: there is neither.
    Status deauthorize(const ClientId& client);
    // Blocking and trusting end a session. Doing it twice is no error.
    Status block(const ClientId& client);
    Status trust(const ClientId& client);
    // ErrorCode::not_found: it is not blocked, or not trusted.
    Status unblock(const ClientId& client);
    Status untrust(const ClientId& client);

    // A guest at the portal, as the authenticator and the dataplane know it.
    struct Guest {
        ClientId client;
        std::string method;
        std::optional<std::string> user = {};
        std::optional<IpAddress> ip = {};
        std::optional<std::string> interface = {};
        std::optional<Seconds> timeout = {};     // none: as configured
        std::optional<std::string> policy = {};  // none: "default"
        std::uint32_t attempts = 0;              // failures within the hour, for the record
    };
    // ErrorCode::denied: blocked; ErrorCode::not_found: there is no such policy. A trusted client
    // stays as it is; the same guest again renews. The session is of the interface it is begun or
    // renewed on.
    Status sign_in(const Guest& guest);
    // Ends every session that was begun by `method` as `user`; how many. `why` is for the record.
    Result<std::size_t> end_all(std::string_view method, std::string_view user, std::string why);
    // Ends the session of a client that is signed in; any other stays as it is.
    Status sign_out(const ClientId& client);

    // Collects sessions that are over; call it each second. What fails is tried again.
    void sweep();
    // Writes usage and last_seen to the store, in one transaction; call it each minute and at the
    // end.
    Status checkpoint() { return ledger_.checkpoint(); }

    // As they stand now. A client that is not there is a stranger.
    std::optional<Session> find(const ClientId& client) const { return ledger_.find(client); }
    // A session with the client's MAC address on another VLAN.
    std::optional<Session> find_namesake(const ClientId& client) const {
        return ledger_.find_namesake(client);
    }
    // Sorted by client.
    Result<std::vector<Session>> list() const { return ledger_.list(); }

    // ErrorCode::not_found: the configuration has no such policy.
    Status check_policy(const std::string& policy) const;

    std::size_t capacity() const { return ledger_.capacity(); }
    // How long a session lasts unless something else is said.
    Seconds timeout() const { return rules_.timeout; }

  private:
    Status check_client(const ClientId& client) const;
    Status commit(const Session& next, const std::optional<SessionLedger::Term>& term,
                  AuditRecord record);
    Status end(const Session& session, AuditRecord record);
    Status mark(const ClientId& client, ClientState state, EventType type);
    Status unmark(const ClientId& client, ClientState state, EventType type);
    Session new_session(const ClientId& client, ClientState state, std::string method) const;
    Event event(EventType type, const Session& session) const;
    static AuditRecord by_operator(const Session& session, std::string what);

    const Clock& clock_;
    EventBus& events_;
    AuditTrail& audit_;
    SessionLedger ledger_;
    Rules rules_;
    std::set<Mac> gateway_macs_;
    std::function<void(const ClientId&)> cut_ = [](const ClientId&) {};
};

}  // namespace portal::control
