#include "control/core.h"

#include <utility>

#include "auth/click_through.h"
#include "auth/password.h"
#include "base/log.h"
#include "config/load.h"
#include "control/settings_of.h"
#include "control/state_lock.h"

namespace portal::control {

namespace {

// A password check takes 64 MiB and a tenth of a second of CPU.
constexpr unsigned kWorkers = 2;

}  // namespace

struct Core::Opened {
    VenueFiles venue_files;
    UniqueFd lock;
    std::unique_ptr<store::sqlite::Store> store;
    std::unique_ptr<dataplane::Dataplane> dataplane;
    ResponderListeners listeners;
    ResponderService::Authenticators authenticators;
};

Result<std::unique_ptr<Core>> Core::open(const CoreOptions& options, config::Config config,
                                         WorkerPool::Post post) {
    const auto& interfaces = config.gateway.client_interfaces;
    TRY_ASSIGN(const Topology topology, Topology::read(SystemHost(), interfaces));
    TRY(topology.require(interfaces));
    Opened opened;
    TRY_ASSIGN(opened.venue_files, read_venue_files(config.portal));
    TRY_ASSIGN(opened.lock, lock_state(options.directories.state));
    TRY_ASSIGN(opened.store, store::sqlite::open(config.store.path()));
    TRY_ASSIGN(std::shared_ptr<auth::Authenticator> password,
               auth::Password::create(opened.store->users()));
    opened.authenticators.emplace(password->method(), password);
    const auto click_through = std::make_shared<auth::ClickThrough>();
    opened.authenticators.emplace(click_through->method(), click_through);
    TRY_ASSIGN(opened.listeners, open_responder_listeners());
    dataplane::Options loading = dataplane_options_of(config);
    loading.bpffs = options.bpffs;
    loading.build = options.build;
    TRY_ASSIGN(opened.dataplane, dataplane::Dataplane::open(loading));
    return std::unique_ptr<Core>(
        new Core(options, std::move(config), std::move(opened), std::move(post)));
}

Core::Core(CoreOptions options, config::Config config, Opened opened, WorkerPool::Post post)
    : options_(std::move(options)),
      config_(std::move(config)),
      venue_files_(std::move(opened.venue_files)),
      lock_(std::move(opened.lock)),
      store_(std::move(opened.store)),
      dataplane_(std::move(opened.dataplane)),
      listeners(std::move(opened.listeners)),
      gate(*dataplane_),
      sessions(store_->sessions(), dataplane_->clients(), clock, events),
      views(sessions, gate, clock),
      garden(store_->garden(), gate),
      network(gate, host, clock, events, network_settings_of(config_)),
      service(gate, sessions, workers, std::move(opened.authenticators), clock, events),
      workers(kWorkers, ResponderService::kMostPending, std::move(post)) {
    apply_rules();
    network.on_topology([this](const Topology& topology) { use_topology(topology); });
}

Status Core::start() {
    TRY(sessions.start());
    TRY(garden.start(config_.strangers.allow));
    TRY(dataplane_->set_listeners(listeners.http4.get(), listeners.http6.get()));
    return network.start();
}

Result<config::ReloadResult> Core::reload(const std::filesystem::path& file) {
    TRY_ASSIGN(const config::Config loaded, config::load_file(file, options_.directories));
    config::ReloadResult result = config::reload(config_, loaded);
    TRY_ASSIGN(VenueFiles venue_files, read_venue_files(result.config.portal));
    TRY(garden.configure(result.config.strangers.allow));
    if (const Status set = network.set_resolvers(result.config.strangers.dns_servers); !set) {
        if (const Status undone = garden.configure(config_.strangers.allow); !undone)
            log_error(undone.error());
        return std::unexpected(set.error());
    }
    config_ = result.config;
    venue_files_ = std::move(venue_files);
    apply_rules();
    return result;
}

Result<std::vector<std::string>> Core::detach() {
    TRY_ASSIGN(auto freed, dataplane_->detach());
    if (const Status removed = host.remove_policy_route(policy_route_of(config_)); !removed)
        log_error(removed.error());
    return freed;
}

void Core::apply_rules() {
    sessions.set_rules(session_rules_of(config_));
    service.configure(sign_in_methods_of(config_), config_.sign_in.attempts_per_hour);
}

void Core::use_topology(const Topology& topology) {
    sessions.set_gateway_macs(topology.gateway_macs());
    views.set_topology(topology);
    service.set_topology(topology);
}

}  // namespace portal::control
