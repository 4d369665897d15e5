// Who is signed in, trusted or blocked: the one place that decides it.
//
// When a call returns without an error, the change is durable and in force; when it returns with
// one, nothing has changed. What an operator or a sign-in changes is in the audit trail as soon as
// it is in the store. What ends a session by itself is the kernel's monotonic clock, or its quota;
// sweep() collects it.
//
// One thread. The store's calls wait for the disk.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
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
#include "domain/policy.h"
#include "domain/session.h"
#include "store/session_store.h"

namespace portal::control {

class SessionManager {
  public:
    // What the configuration says of sessions.
    struct Rules {
        Seconds timeout = std::chrono::hours(8);
        Seconds idle_timeout{0};
        Policies policies = {{std::string(kDefaultPolicy), {}}};
        // Whose policies a sign-in by a method that names none may get; see choose_policy().
        std::map<std::string, std::vector<std::string>, std::less<>> by_method = {};
    };

    // All must outlive this.
    SessionManager(store::SessionStore& store, dataplane::ClientTable& table, const Clock& clock,
                   EventBus& events, AuditTrail& audit);

    // Sessions get the limits of their policy as it is now, those of lists the policy that is now
    // theirs; the times are for sessions that begin or are renewed from now on.
    void set_rules(Rules rules);
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
    // and counts on, also against its quota. ErrorCode::conflict: it is trusted or blocked.
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
        std::optional<std::string> policy = {};  // none: of the method's list
        std::uint32_t attempts = 0;              // failures within the hour, for the record
    };
    // ErrorCode::denied: blocked. For a policy that is not there, "default" is. A trusted client
    // stays as it is; the same guest again renews. ErrorCode::denied as well where refusal_of()
    // has something to say. The session is of the interface it is begun or renewed on.
    Status sign_in(const Guest& guest);
    // Why a guest who is what they say may not sign in all the same.
    struct Refusal {
        enum class Ground { vlan, hours, devices } ground;
        std::string what;                           // for the operator
        std::optional<std::uint32_t> devices = {};  // that the user may have at once
    };
    std::optional<Refusal> refusal_of(const Guest& guest) const;
    // Ends every session that was begun by `method` as `user`; how many. `why` is for the record.
    Result<std::size_t> end_all(std::string_view method, std::string_view user, std::string why);
    // Ends the session of a client that is signed in; any other stays as it is.
    Status sign_out(const ClientId& client);

    // When the hours of a policy that sessions may have by a list begin or end next, or the local
    // clock is set for summer or winter; none: there are no such hours.
    std::optional<WallTime> next_change() const;
    // Chooses anew for sessions that have their policy by a list; call it then, and when the wall
    // clock has been set.
    void reconsider();

    // Collects sessions that are over; call it each second. What fails is tried again.
    void sweep();
    // Writes usage and last_seen to the store, in one transaction; call it each minute and at the
    // end.
    Status checkpoint() { return ledger_.checkpoint(); }

    // As they stand now. A client that is not there is a stranger.
    // The policy is the one in force.
    std::optional<Session> find(const ClientId& client) const;
    // A session with the client's MAC address on another VLAN.
    std::optional<Session> find_namesake(const ClientId& client) const {
        return ledger_.find_namesake(client);
    }
    // Sorted by client.
    Result<std::vector<Session>> list() const;
    // What a session may use.
    const Limits& limits_of(const Session& session) const;
    // How many are signed in under each policy; those with none are left out.
    Result<std::map<std::string, std::size_t, std::less<>>> count_by_policy() const;
    // The clients for which a policy was named that is not there, by its name: "default" stands in.
    Result<std::map<std::string, std::vector<ClientId>>> without_policy() const;

    // ErrorCode::not_found: the configuration has no such policy.
    Status check_policy(const std::string& policy) const;

    std::size_t capacity() const { return ledger_.capacity(); }
    bool has_policy(std::string_view policy) const { return rules_.policies.contains(policy); }
    // How long a session of the guest lasts unless the sign-in says something else.
    Seconds timeout_of(const Guest& guest) const;

  private:
    using Share = SessionLedger::Share;

    Status check_client(const ClientId& client) const;
    // The session that a sign-in makes, or goes on with, with its policy.
    Session begin(const Guest& guest, const std::optional<Session>& current) const;
    void choose_policy_of(Session& session) const;
    // "default" for one that is not there.
    const std::pair<const std::string, Policy>& in_force(std::string_view policy) const;
    // As of now: a list may choose another policy than it did.
    Limits limits_to_be(Session session) const;
    SessionLedger::Term term(const Session& session, const std::optional<Seconds>& timeout) const;
    TimeOfDay time_of_day() const;
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
    bool to_reconsider_ = false;  // it has failed
    std::set<Mac> gateway_macs_;
    std::function<void(const ClientId&)> cut_ = [](const ClientId&) {};
};

}  // namespace portal::control
