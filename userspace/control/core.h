// The parts that decide and keep: store, dataplane, sessions, garden, network, sign-in. Without
// the event loop around them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "config/config.h"
#include "config/settings.h"
#include "control/audit_trail.h"
#include "control/client_view.h"
#include "control/cutter.h"
#include "control/event_bus.h"
#include "control/garden.h"
#include "control/loaded_gate.h"
#include "control/network_keeper.h"
#include "control/portal_files.h"
#include "control/responder_listeners.h"
#include "control/responder_service.h"
#include "control/session_manager.h"
#include "control/system_host.h"
#include "control/venue_files.h"
#include "control/vouchers.h"
#include "control/worker_pool.h"
#include "dataplane/dataplane.h"
#include "store/sqlite/store.h"

namespace portal::control {

struct CoreOptions {
    std::filesystem::path bpffs;
    config::Directories directories;
    std::string build;  // version
};

// One thread, but for what the workers do.
class Core {
  public:
    // Opens everything; changes nothing at the gate yet.
    static Result<std::unique_ptr<Core>> open(const CoreOptions& options, config::Config config,
                                              WorkerPool::Post post);

    // Closes the gate: sessions into the client table, addresses, garden, programs, routes.
    Status start();

    // Reads `file` again and applies what may change live. On failure nothing has changed.
    Result<config::ReloadResult> reload(const std::filesystem::path& file);

    // Writes what is kept in memory only, and forgets what is too old; call it each minute and at
    // the end.
    Status checkpoint();

    // Policies that are named for somebody and are not there; each is a sentence.
    std::vector<std::string> policy_warnings();

    // Opens the gate. Returns the interfaces freed.
    Result<std::vector<std::string>> detach();

    const config::Config& config() const { return config_; }
    const PortalFiles& files() const { return files_; }
    const VenueFiles& venue_files() const { return venue_files_; }
    store::UserStore& users() { return store_->users(); }
    // What the kernel's programs tell; `callback` as in Dataplane::events().
    Result<dataplane::EventRing> kernel_events(dataplane::EventRing::Callback callback) {
        return dataplane_->events(std::move(callback));
    }
    // The answers that strangers get from their resolver, while the garden has names.
    Result<dataplane::AnswerRing> answers(dataplane::AnswerRing::Callback callback) {
        return dataplane_->answers(std::move(callback));
    }

  private:
    struct Opened;
    using Remote = std::optional<RemoteSignIn::Settings>;

    Core(CoreOptions options, config::Config config, Opened opened, WorkerPool::Post post);

    // With the secret, which is read from its file.
    static Result<Remote> read_remote(const config::Config& config);
    // What the dataplane is told of the configuration at a reload.
    Status configure_gate(const config::Config& config, const PortalFiles& files);
    void apply_rules(Remote remote);
    void use_topology(const Topology& topology);
    void place_sessions();

    const CoreOptions options_;
    config::Config config_;
    PortalFiles files_;
    VenueFiles venue_files_;
    Placement placement_;
    const UniqueFd lock_;
    const std::unique_ptr<store::sqlite::Store> store_;
    const std::unique_ptr<dataplane::Dataplane> dataplane_;
    Cutter cutter_;

  public:
    const SystemClock clock{};
    EventBus events{clock};
    const ResponderListeners listeners;
    LoadedGate gate;
    SystemHost host{};
    AuditTrail audit;
    SessionManager sessions;
    Vouchers vouchers;
    ClientViews views;
    Garden garden;
    NetworkKeeper network;
    ResponderService service;
    // Last, so that no worker outlives what it works on.
    WorkerPool workers;
};

}  // namespace portal::control
