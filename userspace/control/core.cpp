#include "control/core.h"

#include <algorithm>
#include <utility>

#include "auth/click_through.h"
#include "auth/password.h"
#include "auth/voucher.h"
#include "base/log.h"
#include "config/load.h"
#include "control/missing_policies.h"
#include "control/remote_listener.h"
#include "control/remote_secret.h"
#include "control/settings_of.h"
#include "control/state_lock.h"
#include "dataplane/conntrack.h"

namespace portal::control {

namespace {

// A password check takes 64 MiB and a tenth of a second of CPU.
constexpr unsigned kWorkers = 2;

void log_warnings(const PortalFiles& files) {
    for (const std::string& warning : files.warnings)
        spdlog::warn("{}", warning);
}

// A renewed certificate keeps its file's name.
void note_new_certificate(std::vector<std::string>& applied) {
    for (const char* key : {"portal.certificate", "portal.key"})
        if (std::ranges::find(applied, key) != applied.end()) return;
    applied.emplace_back("portal.certificate");
}

// The dataplane's maps are read by any thread.
Cutter::Work cutter_work_of(const dataplane::Dataplane& dataplane) {
    // What the responder serves goes on: the page that says so, after a sign-out.
    const auto is_the_responders = [&](const Flow& flow) {
        return dataplane.origin(flow).has_value();
    };
    return {.neighbors = [&] { return dataplane.neighbors(); },
            .forget = [=](const std::set<IpAddress>& addresses) -> Status {
                TRY_ASSIGN(const std::size_t count,
                           dataplane::forget_connections(addresses, is_the_responders));
                spdlog::debug("{} connections cut", count);
                return {};
            }};
}

}  // namespace

struct Core::Opened {
    Topology topology;
    PortalFiles files;
    VenueFiles venue_files;
    UniqueFd lock;
    std::unique_ptr<store::sqlite::Store> store;
    std::unique_ptr<dataplane::Dataplane> dataplane;
    ResponderListeners listeners;
    ResponderService::Authenticators authenticators;
    Remote remote;
};

Result<std::unique_ptr<Core>> Core::open(const CoreOptions& options, config::Config config,
                                         WorkerPool::Post post) {
    const auto& interfaces = config.gateway.client_interfaces;
    Opened opened;
    TRY_ASSIGN(opened.topology, Topology::read(SystemHost(), interfaces));
    TRY(opened.topology.require(interfaces));
    TRY_ASSIGN(opened.files, read_portal_files(config.portal, SystemClock().wall()));
    log_warnings(opened.files);
    TRY_ASSIGN(opened.venue_files, read_venue_files(config.portal));
    TRY_ASSIGN(opened.lock, lock_state(options.directories.state));
    TRY_ASSIGN(opened.store, store::sqlite::open(config.store.path()));
    TRY_ASSIGN(std::shared_ptr<auth::Authenticator> password,
               auth::Password::create(opened.store->users()));
    opened.authenticators.emplace(password->method(), password);
    const auto click_through = std::make_shared<auth::ClickThrough>();
    opened.authenticators.emplace(click_through->method(), click_through);
    const auto voucher = std::make_shared<auth::Voucher>(opened.store->vouchers());
    opened.authenticators.emplace(voucher->method(), voucher);
    TRY_ASSIGN(opened.remote, read_remote(config));
    TRY_ASSIGN(opened.listeners, open_responder_listeners());
    if (!config.remote.listen.empty()) {
        TRY_ASSIGN(opened.listeners.remote, open_remote_listener(config.remote.listen));
    }
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
      files_(std::move(opened.files)),
      venue_files_(std::move(opened.venue_files)),
      lock_(std::move(opened.lock)),
      store_(std::move(opened.store)),
      dataplane_(std::move(opened.dataplane)),
      cutter_(cutter_work_of(*dataplane_)),
      listeners(std::move(opened.listeners)),
      gate(*dataplane_),
      audit(store_->audit(), clock),
      sessions(store_->sessions(), dataplane_->clients(), clock, events, audit),
      vouchers(store_->vouchers(), sessions, clock),
      views(sessions, gate, clock),
      garden(store_->garden(), gate, clock),
      network(gate, host, clock, events, network_settings_of(config_, files_)),
      service(gate, sessions, workers, std::move(opened.authenticators), clock, events, audit),
      workers(kWorkers, ResponderService::kMostPending, std::move(post)) {
    apply_rules(std::move(opened.remote));
    sessions.on_cut([this](const ClientId& client) { cutter_.cut(client); });
    use_topology(opened.topology);
    network.on_topology([this](const Topology& topology) { use_topology(topology); });
}

Status Core::start() {
    TRY(sessions.start());
    for (const std::string& warning : policy_warnings())
        spdlog::warn("{}", warning);
    TRY(garden.start(config_.strangers.allow));
    TRY(dataplane_->set_budgets(config_.budgets));
    TRY(dataplane_->set_listeners({.http4 = listeners.http4.get(),
                                   .http6 = listeners.http6.get(),
                                   .https4 = listeners.https4.get(),
                                   .https6 = listeners.https6.get()}));
    return network.start();
}

Status Core::configure_gate(const config::Config& config, const PortalFiles& files) {
    TRY(dataplane_->set_budgets(config.budgets));
    TRY(garden.configure(config.strangers.allow));
    return network.set_services(config.strangers.dns_servers, files.tls.has_value());
}

Result<config::ReloadResult> Core::reload(const std::filesystem::path& file) {
    TRY_ASSIGN(const config::Config loaded, config::load_file(file, options_.directories));
    config::ReloadResult result = config::reload(config_, loaded);
    TRY_ASSIGN(PortalFiles files, read_portal_files(result.config.portal, clock.wall()));
    TRY_ASSIGN(Remote remote, read_remote(result.config));
    TRY_ASSIGN(VenueFiles venue_files, read_venue_files(result.config.portal));
    if (const Status set = configure_gate(result.config, files); !set) {
        if (const Status undone = configure_gate(config_, files_); !undone)
            log_error(undone.error());
        return std::unexpected(set.error());
    }
    log_warnings(files);
    if (files.tls != files_.tls) note_new_certificate(result.applied);
    config_ = result.config;
    files_ = std::move(files);
    venue_files_ = std::move(venue_files);
    apply_rules(std::move(remote));
    result.warnings = policy_warnings();
    return result;
}

std::vector<std::string> Core::policy_warnings() {
    auto warnings = missing_policies(sessions, store_->users(), store_->vouchers(), clock);
    if (warnings) return *std::move(warnings);
    log_error(warnings.error());
    return {};
}

Status Core::checkpoint() {
    TRY(sessions.checkpoint());
    TRY(audit.checkpoint());
    TRY(dataplane_->collect_bindings(clock.monotonic()));
    return vouchers.forget(audit.horizon());
}

Result<std::vector<std::string>> Core::detach() {
    TRY_ASSIGN(auto freed, dataplane_->detach());
    if (const Status removed = host.remove_policy_route(policy_route_of(config_)); !removed)
        log_error(removed.error());
    return freed;
}

Result<Core::Remote> Core::read_remote(const config::Config& config) {
    if (!config.sign_in.allows(config::SignInMethod::remote)) return std::nullopt;
    TRY_ASSIGN(std::string secret, read_remote_secret(config.remote.secret_file));
    return remote_settings_of(config, std::move(secret));
}

void Core::apply_rules(Remote remote) {
    if (remote && remote->application.url.starts_with("http:"))
        spdlog::warn(
            "remote.url is http: grants can be read, and the page replaced, on the way; "
            "take https outside of a lab");
    service.configure_remote(std::move(remote));
    sessions.set_rules(session_rules_of(config_));
    service.configure(sign_in_rules_of(config_));
    audit.set_retention(config_.audit.retention);
    garden.set_policy({.least_ttl = config_.strangers.least_ttl,
                       .allow_private = config_.strangers.allow_private_names});
    placement_.bind_addresses = config_.session.bind_addresses;
    place_sessions();
}

void Core::use_topology(const Topology& topology) {
    sessions.set_gateway_macs(topology.gateway_macs());
    views.set_topology(topology);
    service.set_topology(topology);
    placement_.interfaces = topology.indices();
    place_sessions();
}

void Core::place_sessions() {
    if (const Status placed = sessions.place(placement_); !placed)
        log_error(within("placing sessions on their interfaces", placed.error()));
}

}  // namespace portal::control
