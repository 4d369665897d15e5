#include "control/responder_supervisor.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace portal::control {

namespace asio = boost::asio;

namespace {

// How long a responder that was asked to end may take.
constexpr std::chrono::seconds kPatience{2};

}  // namespace

struct ResponderSupervisor::Child {
    Child(asio::io_context& context, ResponderProcess started,
          std::shared_ptr<ResponderLink> channel, MonotonicTime now)
        : process(std::move(started)),
          exit(context, fcntl(process.pidfd(), F_DUPFD_CLOEXEC, 0)),
          link(std::move(channel)),
          born(now) {}
    ~Child() { link->close(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ResponderProcess process;
    asio::posix::stream_descriptor exit;  // a copy of its pidfd
    std::shared_ptr<ResponderLink> link;
    MonotonicTime born;
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
    replacing_ = true;
    child_->process.terminate();
    timer_.expires_after(kPatience);
    timer_.async_wait([this, child = child_](const boost::system::error_code& error) {
        if (!error) child->process.kill();
    });
}

void ResponderSupervisor::stop() {
    timer_.cancel();
    if (!child_) return;
    const auto child = std::exchange(child_, nullptr);
    child->exit.cancel();
    child->process.terminate();
    pollfd ended{.fd = child->process.pidfd(), .events = POLLIN, .revents = 0};
    if (poll(&ended, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) <= 0)
        child->process.kill();
    child->process.reap();
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
    child_ = std::move(*launched);
    restarts_ += started_ ? 1U : 0U;
    started_ = true;
    watch(child_);
    talk(child_);
    report("started as process " + std::to_string(child_->process.pid()));
}

Result<std::shared_ptr<ResponderSupervisor::Child>> ResponderSupervisor::launch() {
    TRY_ASSIGN(auto ends, ipc::make_channel_pair());
    const std::array listeners = {listeners_.http4.get(), listeners_.http6.get()};
    TRY(ipc::send_with_descriptors(ends.first.get(), ipc::encode(*configuration_), listeners,
                                   ipc::kLargestConfiguration));
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
                               if (!error && child == child_) ended(child);
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
    const std::string how = child->process.reap();
    const auto lived =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - child->born);
    child_.reset();
    timer_.cancel();
    if (std::exchange(replacing_, false)) {
        start();
        return;
    }
    report(how);
    start_later(lived);
}

void ResponderSupervisor::start_later(std::chrono::milliseconds lived) {
    if (lived >= options_.backoff.good_life) wait_ = options_.backoff.first;
    timer_.expires_after(wait_);
    wait_ = std::min(2 * wait_, options_.backoff.longest);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) start();
    });
}

void ResponderSupervisor::report(std::string detail) {
    Event event{.time = clock_.wall(), .type = EventType::responder};
    event.detail = std::move(detail);
    events_.publish(std::move(event));
}

}  // namespace portal::control
