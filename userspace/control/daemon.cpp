#include "control/daemon.h"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>

#include "base/log.h"
#include "control/answer_reader.h"
#include "control/api/handler.h"
#include "control/api/routes.h"
#include "control/control_socket.h"
#include "control/core.h"
#include "control/doctor.h"
#include "control/kernel_event.h"
#include "control/periodic.h"
#include "control/readable.h"
#include "control/responder_supervisor.h"
#include "control/seal_key.h"
#include "control/service_notify.h"
#include "control/settings_of.h"
#include "control/sightings.h"
#include "control/state_lock.h"
#include "control/wall_timer.h"
#include "http/server.h"

namespace portal::control {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kSweepInterval{1};
constexpr std::chrono::seconds kLossInterval{1};
constexpr std::chrono::seconds kCheckInterval{5};
constexpr std::chrono::minutes kCheckpointInterval{1};
// Changes of the network come in bursts.
constexpr std::chrono::milliseconds kNetworkSettles{50};

// An answer older than this was copied while portald was away, and its TTL has run since.
constexpr std::chrono::seconds kFreshAnswer{10};

// The API's receivers are operators: fewer, slower and better behaved than guests.
constexpr http::Limits kApiLimits{.connections = 256, .request_deadline = std::chrono::seconds(30)};

void log_event(const Event& event) {
    const auto level =
        event.type == EventType::stranger ? spdlog::level::debug : spdlog::level::info;
    spdlog::log(level, "{}", describe(event));
}

class Daemon {
  public:
    Daemon(const DaemonOptions& options, std::unique_ptr<asio::io_context> context,
           std::unique_ptr<Core> core)
        : options_(options),
          context_(std::move(context)),
          core_(std::move(core)),
          log_(core_->events.subscribe(1,
                                       [this] {
                                           for (const Event& event : log_.take().events)
                                               log_event(event);
                                       })),
          started_at_(core_->clock.wall()),
          started_(core_->clock.monotonic()),
          signals_(*context_, SIGTERM, SIGINT, SIGHUP),
          network_settled_(*context_) {}

    Status start() {
        // Before the gate closes: a failure here is to change nothing, and what changes in the
        // network from now on is to be noticed.
        TRY_ASSIGN(ControlSocket socket, ControlSocket::open(core_->config().control.socket));
        socket_.emplace(std::move(socket));
        TRY_ASSIGN(network_changes_, dataplane::watch_network());
        TRY_ASSIGN(ring_, core_->kernel_events(
                              [this](const dataplane::KernelEvent& seen) { announce(seen); }));
        TRY_ASSIGN(answers_, core_->answers([this](std::span<const std::uint8_t> message,
                                                   MonotonicTime time) { read(message, time); }));
        TRY_ASSIGN(policy_timer_, WallTimer::create(*context_, [this] {
                       core_->sessions.reconsider();
                       await_policy_change();
                   }));
        TRY(core_->start());
        await_policy_change();
        start_responder();
        start_reader();
        start_watching();
        http::serve(*context_, socket_->take(), std::make_shared<api::Handler>(routes()),
                    kApiLimits);
        return {};
    }

    void run() {
        notify_service_manager("READY=1");
        spdlog::info("ready; the API is at {}", core_->config().control.socket.string());
        context_->run();
        notify_service_manager("STOPPING=1");
        if (const Status done = core_->checkpoint(); !done) log_error(done.error());
        reader_->run(false);
        supervisor_->stop();
        spdlog::info("{}", detached_ ? "ended; the gate is gone"
                                     : "ended; the gate stays closed (portald --detach opens it)");
    }

  private:
    void start_responder() {
        const ResponderSupervisor::Options options{
            .program = options_.responder,
            .user = existing_user(core_->config().portal.user),
            .seal_key = make_seal_key()};
        const auto ask = [this](const ipc::Request& request, ResponderService::Answer answer) {
            core_->service.ask(request, std::move(answer));
        };
        supervisor_.emplace(*context_, options, core_->listeners, ask, core_->clock, core_->events);
        supervisor_->serve(
            responder_configuration_of(core_->config(), core_->files(), core_->venue_files()));
    }

    void start_reader() {
        reader_.emplace(
            *context_,
            AnswerReader::Options{.program = options_.responder, .user = supervisor_->user()},
            [this](const ipc::NameAnswer& answer) {
                core_->garden.learn(answer.name, answer.ttl, answer.addresses);
            });
        core_->garden.on_names([this](bool names) { reader_->run(names); });
    }

    void read(std::span<const std::uint8_t> message, MonotonicTime time) {
        if (core_->clock.monotonic() - time < kFreshAnswer) reader_->read(message);
    }

    void start_watching() {
        wait_for_signal();
        ring_events_.emplace(*context_, ring_->fd(), [this] { ring_->consume(); });
        answer_events_.emplace(*context_, answers_->fd(), [this] { answers_->consume(); });
        network_events_.emplace(*context_, network_changes_.get(), [this] { network_changed(); });
        losses_.emplace(*context_, kLossInterval, [this] { tell_losses(); });
        sweep_.emplace(*context_, kSweepInterval, [this] {
            core_->sessions.sweep();
            core_->garden.lapse();
        });
        check_.emplace(*context_, kCheckInterval, [this] {
            if (!detached_) core_->network.check();
        });
        checkpoint_.emplace(*context_, kCheckpointInterval, [this] {
            if (const Status done = core_->checkpoint(); !done) log_error(done.error());
        });
    }

    void await_policy_change() {
        if (const Status set = policy_timer_->set(core_->sessions.next_change()); !set)
            log_error(set.error());
    }

    void wait_for_signal() {
        signals_.async_wait([this](const boost::system::error_code& error, int signal) {
            if (error) return;
            if (signal != SIGHUP) return context_->stop();
            if (const auto done = reload(); !done) log_error(done.error());
            wait_for_signal();
        });
    }

    void network_changed() {
        if (!dataplane::drain_network_watch(network_changes_.get())) return;
        if (std::exchange(network_settling_, true)) return;
        network_settled_.expires_after(kNetworkSettles);
        network_settled_.async_wait([this](const boost::system::error_code&) {
            network_settling_ = false;
            if (!detached_) core_->network.refresh();
        });
    }

    void announce(const dataplane::KernelEvent& seen) {
        for (Event& event :
             events_of(seen, core_->sessions, core_->network.topology(), core_->clock.wall()))
            core_->events.publish(std::move(event));
    }

    void tell_losses() {
        if (const auto losses = ring_->take_losses()) {
            for (const dataplane::EventLoss& loss : *losses)
                core_->events.leave_out(type_of(loss.type), loss.count);
        } else {
            log_error(losses.error());
        }
        core_->events.tell_losses();
    }

    Result<config::ReloadResult> reload() {
        TRY_ASSIGN(config::ReloadResult result, core_->reload(options_.config_file));
        supervisor_->serve(
            responder_configuration_of(core_->config(), core_->files(), core_->venue_files()));
        await_policy_change();
        spdlog::info("{} was read again", options_.config_file.string());
        for (const std::string& key : result.applied)
            spdlog::info("{} applies now", key);
        for (const std::string& key : result.needs_restart)
            spdlog::warn("{} has changed and waits for a restart", key);
        for (const std::string& warning : result.warnings)
            spdlog::warn("{}", warning);
        return result;
    }

    Result<std::vector<std::string>> detach() {
        TRY_ASSIGN(auto freed, core_->detach());
        detached_ = true;
        return freed;
    }

    std::vector<Check> run_doctor() const {
        return examine({.gate = core_->gate,
                        .host = core_->host,
                        .network = core_->network,
                        .clock = core_->clock,
                        .responder = supervisor_->state(),
                        .responder_user = supervisor_->user(),
                        .store = core_->config().store.path(),
                        .tls = core_->files().tls,
                        .hostname = core_->config().portal.hostname,
                        .key_file = core_->config().portal.key});
    }

    api::Endpoints routes() {
        return api::all_routes(
            {.sessions = core_->sessions,
             .views = core_->views,
             .garden = core_->garden,
             .vouchers = core_->vouchers,
             .audit = core_->audit,
             .users = core_->users(),
             .workers = core_->workers,
             .events = core_->events,
             .gate = core_->gate,
             .clock = core_->clock},
            {.running = [this]() -> const config::Config& { return core_->config(); },
             .reload = [this] { return reload(); }},
            {.version = options_.version,
             .config = options_.config_file,
             .store = core_->config().store.url,
             .client_interfaces = core_->config().gateway.client_interfaces,
             .portal =
                 [this] {
                     const config::Config& config = core_->config();
                     return api::PortalFront{config.portal.name, login_url_of(config)};
                 },
             .started_at = started_at_,
             .started = started_,
             .responder = [this] { return supervisor_->state(); },
             .doctor = [this] { return run_doctor(); },
             .detach = [this] { return detach(); },
             .end = [context = context_.get()] { context->stop(); }});
    }

    const DaemonOptions& options_;
    // What waits on it is destroyed before it; what it still holds needs nothing of ours.
    const std::unique_ptr<asio::io_context> context_;
    const std::unique_ptr<Core> core_;
    EventBus::Subscription log_;
    const WallTime started_at_;
    const MonotonicTime started_;
    asio::signal_set signals_;
    std::optional<dataplane::EventRing> ring_;
    std::optional<Readable> ring_events_;
    std::optional<dataplane::AnswerRing> answers_;
    std::optional<Readable> answer_events_;
    std::optional<AnswerReader> reader_;
    UniqueFd network_changes_;
    std::optional<Readable> network_events_;
    asio::steady_timer network_settled_;
    bool network_settling_ = false;
    std::unique_ptr<WallTimer> policy_timer_;
    std::optional<Periodic> sweep_;
    std::optional<Periodic> losses_;
    std::optional<Periodic> check_;
    std::optional<Periodic> checkpoint_;
    std::optional<ResponderSupervisor> supervisor_;
    std::optional<ControlSocket> socket_;
    bool detached_ = false;
};

Status check_responder(const std::filesystem::path& program) {
    if (access(program.c_str(), X_OK) == 0) return {};
    return fail_errno("cannot start " + program.string(),
                      "install portal-responder beside portald, or give --responder PATH");
}

}  // namespace

Status run_daemon(const DaemonOptions& options, config::Config config) {
    TRY(check_responder(options.responder));
    // A reader that is gone is an error of its write, not our end.
    std::signal(SIGPIPE, SIG_IGN);
    auto context = std::make_unique<asio::io_context>(1);
    const auto post = [loop = context.get()](WorkerPool::Completion completion) {
        asio::post(*loop, std::move(completion));
    };
    TRY_ASSIGN(auto core, Core::open({.bpffs = options.bpffs,
                                      .directories = options.directories,
                                      .build = options.version},
                                     std::move(config), post));
    Daemon daemon(options, std::move(context), std::move(core));
    TRY(daemon.start());
    daemon.run();
    return {};
}

Status detach_gate(const DaemonOptions& options, const config::Config& config) {
    TRY_ASSIGN(const UniqueFd lock, lock_state(options.directories.state));
    TRY_ASSIGN(const auto freed, dataplane::detach_pinned(options.bpffs));
    TRY(dataplane::remove_policy_route(policy_route_of(config)));
    for (const std::string& interface : freed)
        spdlog::info("{} is open", interface);
    return {};
}

}  // namespace portal::control
