#include "control/responder_supervisor.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"

namespace portal::control {

namespace asio = boost::asio;

namespace {

// How long a responder that was asked to end may take.
constexpr std::chrono::seconds kPatience{2};
// The same for one that was asked to finish first.
constexpr std::chrono::seconds kPatienceToFinish = ipc::kFinishTime + kPatience;

}  // namespace

struct ResponderSupervisor::Child {
    Child(asio::io_context& context, ResponderProcess started,
          std::shared_ptr<ResponderLink> channel, MonotonicTime now)
        : process(std::move(started)),
          exit(context, fcntl(process.pidfd(), F_DUPFD_CLOEXEC, 0)),
          link(std::move(channel)),
          born(now),
          patience(context) {}
    ~Child() { link->close(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ResponderProcess process;
    asio::posix::stream_descriptor exit;  // a copy of its pidfd
    std::shared_ptr<ResponderLink> link;
    MonotonicTime born;
    asio::steady_timer patience;  // once retired
};

ResponderSupervisor::ResponderSupervisor(asio::io_context& context, Options options,
                                         const ResponderListeners& listeners,
                                         ResponderLink::Ask ask, const Clock& clock,
                                         EventBus& events)
    : context_(context),
      options_(std::move(options)),
      listeners_(listeners),
      ask_(std::move(ask)),
      clock_(clock),
      events_(events),
      wait_(options_.backoff.first),
      timer_(context) {}

ResponderSupervisor::~ResponderSupervisor() = default;

void ResponderSupervisor::serve(ipc::Configuration configuration) {
    configuration.seal_key = options_.seal_key;
    if (configuration_ == configuration) return;
    configuration_ = std::move(configuration);
    if (!child_) {
        timer_.cancel();
        start();
        return;
    }
    replace();
}

void ResponderSupervisor::replace() {
    auto launched = launch();
    if (!launched) {
        log_error(launched.error());
        return try_later(&ResponderSupervisor::replace);
    }
    retire(std::exchange(child_, nullptr));
    take_over(*std::move(launched));
}

void ResponderSupervisor::retire(const std::shared_ptr<Child>& child) {
    child->process.terminate();
    child->patience.expires_after(kPatienceToFinish);
    child->patience.async_wait(
        [weak = std::weak_ptr(child)](const boost::system::error_code& error) {
            if (const auto late = weak.lock(); late && !error) late->process.kill();
        });
    retired_.push_back(child);
}

void ResponderSupervisor::stop() {
    timer_.cancel();
    if (child_) end(*std::exchange(child_, nullptr));
    for (const auto& child : std::exchange(retired_, {}))
        end(*child);
}

void ResponderSupervisor::end(Child& child) {
    child.exit.cancel();
    child.patience.cancel();
    child.link->close();
    child.process.terminate();
    pollfd ended{.fd = child.process.pidfd(), .events = POLLIN, .revents = 0};
    if (poll(&ended, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) <= 0)
        child.process.kill();
    child.process.reap();
}

ResponderState ResponderSupervisor::state() const {
    ResponderState state{.pid = std::nullopt, .restarts = restarts_};
    if (child_) state.pid = child_->process.pid();
    return state;
}

void ResponderSupervisor::start() {
    if (child_) return;
    auto launched = launch();
    if (!launched) {
        log_error(launched.error());
        start_later(std::chrono::milliseconds::zero());
        return;
    }
    take_over(*std::move(launched));
}

void ResponderSupervisor::take_over(std::shared_ptr<Child> child) {
    timer_.cancel();
    child_ = std::move(child);
    restarts_ += started_ ? 1U : 0U;
    started_ = true;
    watch(child_);
    talk(child_);
    report("started as process " + std::to_string(child_->process.pid()));
}

Result<std::shared_ptr<ResponderSupervisor::Child>> ResponderSupervisor::launch() {
    TRY_ASSIGN(auto ends, ipc::make_channel_pair());
    std::vector<int> sockets = {listeners_.http4.get(), listeners_.http6.get()};
    if (configuration_->tls)
        sockets.insert(sockets.end(), {listeners_.https4.get(), listeners_.https6.get()});
    if (configuration_->remote_listener) sockets.push_back(listeners_.remote.get());
    TRY(ipc::send_with_descriptors(ends.first.get(), ipc::encode(*configuration_), sockets));
    TRY_ASSIGN(auto process,
               ResponderProcess::spawn(options_.program, options_.user, ends.second.get()));
    auto link =
        std::make_shared<ResponderLink>(context_.get_executor(), std::move(ends.first), ask_);
    return std::make_shared<Child>(context_, std::move(process), std::move(link),
                                   clock_.monotonic());
}

void ResponderSupervisor::watch(const std::shared_ptr<Child>& child) {
    child->exit.async_wait(asio::posix::stream_descriptor::wait_read,
                           [this, child](const boost::system::error_code& error) {
                               if (!error) ended(child);
                           });
}

void ResponderSupervisor::talk(const std::shared_ptr<Child>& child) {
    asio::co_spawn(
        context_, ResponderLink::run(child->link),
        [weak = std::weak_ptr(child)](const std::exception_ptr& failure, const Error& end) {
            const auto talker = weak.lock();
            if (!talker || (!failure && end.code == ErrorCode::unavailable)) return;
            // What sends nonsense has a fault or another master; either ends here.
            spdlog::error("the responder sent what is no question: {}",
                          failure ? "" : printable(end.what));
            talker->process.kill();
        });
}

void ResponderSupervisor::ended(const std::shared_ptr<Child>& child) {
    const bool retired = std::erase(retired_, child) != 0;
    if (!retired && child != child_) return;
    child->patience.cancel();
    const std::string how = child->process.reap();
    if (retired) return;
    const auto lived =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - child->born);
    child_.reset();
    timer_.cancel();
    report(how);
    start_later(lived);
}

void ResponderSupervisor::start_later(std::chrono::milliseconds lived) {
    if (lived >= options_.backoff.good_life) wait_ = options_.backoff.first;
    try_later(&ResponderSupervisor::start);
}

void ResponderSupervisor::try_later(void (ResponderSupervisor::*again)()) {
    timer_.expires_after(wait_);
    wait_ = std::min(2 * wait_, options_.backoff.longest);
    timer_.async_wait([this, again](const boost::system::error_code& error) {
        if (!error) (this->*again)();
    });
}

void ResponderSupervisor::report(std::string detail) {
    Event event{.time = clock_.wall(), .type = EventType::responder};
    event.detail = std::move(detail);
    events_.publish(std::move(event));
}

}  // namespace portal::control
