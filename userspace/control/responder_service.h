// Answers what portal-responder asks on behalf of guests: who is this connection, sign in, sign
// out; and of the venue's application: does this grant count.
//
// The responder speaks with strangers and is not believed: it names a connection, never a client;
// only connections the dataplane steered count; only configured methods sign in; and no more than
// kMostPending questions wait at a time. Failures are limited for each client, and for each account
// whichever client tries. Every attempt of a client is in the audit trail when it is answered. A
// grant that the application brings in vain is of no client: it is an event, and counts for the
// address it came from.
//
// One thread, the event loop's; slow methods run on the workers.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/authenticator.h"
#include "base/clock.h"
#include "control/audit_trail.h"
#include "control/event_bus.h"
#include "control/gate.h"
#include "control/remote_sign_in.h"
#include "control/session_manager.h"
#include "control/topology.h"
#include "control/worker_pool.h"
#include "domain/attempt_limiter.h"
#include "ipc/protocol.h"

namespace portal::control {

class ResponderService {
  public:
    // Sign-in attempts that wait for a worker or run on it.
    static constexpr std::size_t kMostPending = 64;

    // The authenticators by method name; those that are not configured stay unused.
    using Authenticators = std::map<std::string, std::shared_ptr<auth::Authenticator>, std::less<>>;
    using Answer = std::function<void(const ipc::Reply&)>;

    // All must outlive this; this must outlive the workers' last completion.
    ResponderService(Gate& gate, SessionManager& sessions, WorkerPool& workers,
                     Authenticators authenticators, const Clock& clock, EventBus& events,
                     AuditTrail& audit);

    struct Rules {
        std::vector<std::string> methods;
        std::uint32_t attempts_per_hour = 20;           // failures of a client
        std::uint32_t account_attempts_per_hour = 100;  // failures at an account
    };
    // From now on; attempts under way are finished.
    void configure(Rules rules);
    // Sign-in by the venue's application; none: there is none.
    void configure_remote(std::optional<RemoteSignIn::Settings> settings) {
        remote_.configure(std::move(settings));
    }
    void set_topology(Topology topology) { topology_ = std::move(topology); }

    // `answer` is called once, at once or later.
    void ask(const ipc::Request& request, Answer answer);

  private:
    struct Attempt;
    struct Pending;

    ipc::Reply who_is(const Flow& flow, ipc::Outcome outcome = ipc::Outcome::done) const;
    std::optional<dataplane::FlowOrigin> origin_of(const Flow& flow, const ClientId& client) const;
    std::optional<Session> session_of(const dataplane::FlowOrigin& origin) const;
    void tell_session(const std::optional<Session>& session, ipc::Caller& caller) const;
    ipc::Reply sign_out(const ipc::SignOut& question);
    void sign_in(std::uint64_t id, const ipc::SignIn& question, Answer answer);
    void authenticate(const Pending& pending,
                      const std::shared_ptr<auth::Authenticator>& authenticator,
                      auth::Credentials credentials);
    ipc::Reply remote_start(const ipc::RemoteStart& question);
    void remote_return(std::uint64_t id, const ipc::RemoteReturn& question, Answer answer);
    ipc::Reply remote_callback(const ipc::RemoteCallback& question);
    std::optional<std::string> last_seen_on(const ClientId& client) const;
    ipc::Outcome refuse_callback(const std::string& peer, const Error& error);

    bool is_configured(std::string_view method) const;
    std::optional<ipc::Outcome> decide_early(const Attempt& attempt);
    // How an attempt ended, for the guest.
    struct End {
        ipc::Outcome outcome;
        std::optional<std::uint32_t> devices = {};
    };
    End settle(const Attempt& attempt, const Result<auth::Identity>& identity);
    End sign_in_as(const Attempt& attempt, const auth::Identity& identity);
    SessionManager::Guest guest_of(const Attempt& attempt, const auth::Identity& identity) const;
    void deny(const Attempt& attempt, std::string why);
    void note(const Attempt& attempt, AuditOutcome outcome, std::string detail);

    Seconds ration(Attempt& attempt);
    void take_back(const Attempt& attempt);

    Gate& gate_;
    SessionManager& sessions_;
    WorkerPool& workers_;
    const Authenticators authenticators_;
    const Clock& clock_;
    EventBus& events_;
    AuditTrail& audit_;
    std::vector<std::string> methods_;
    ClientAttemptLimiter clients_;
    AccountAttemptLimiter accounts_;
    RemoteSignIn remote_;
    AttemptLimiter<std::string> callers_;  // who brings grants, by address
    Topology topology_;
};

}  // namespace portal::control
