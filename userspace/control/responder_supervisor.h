// Keeps one portal-responder running: starts it, tells it what to serve, gives it the sockets,
// and starts it again when it ends, later each time it ends early.
//
// One thread, the io_context's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "control/event_bus.h"
#include "control/responder_link.h"
#include "control/responder_listeners.h"
#include "control/responder_process.h"
#include "control/responder_state.h"
#include "ipc/protocol.h"

namespace portal::control {

class ResponderSupervisor {
  public:
    struct Backoff {
        std::chrono::milliseconds first{50};
        std::chrono::milliseconds longest{5000};
        std::chrono::milliseconds good_life{10000};  // after this the wait is `first` again
    };
    struct Options {
        std::filesystem::path program;
        std::string user;
        // Every responder's ipc::Configuration::seal_key.
        std::string seal_key = {};
        Backoff backoff = {};
    };

    // `listeners`, `clock` and `events` outlive this.
    ResponderSupervisor(boost::asio::io_context& context, Options options,
                        const ResponderListeners& listeners, ResponderLink::Ask ask,
                        const Clock& clock, EventBus& events);
    ~ResponderSupervisor();

    // What it is to serve; `seal_key` is taken from the options. A running one is replaced if that
    // has changed.
    void serve(ipc::Configuration configuration);

    // Ends it for good: asks, waits at most two seconds, then insists.
    void stop();

    ResponderState state() const;
    // How long it is to wait after the next early end.
    std::chrono::milliseconds next_wait() const { return wait_; }
    const std::string& user() const { return options_.user; }

  private:
    struct Child;

    void start();
    Result<std::shared_ptr<Child>> launch();
    void watch(const std::shared_ptr<Child>& child);
    void talk(const std::shared_ptr<Child>& child);
    void ended(const std::shared_ptr<Child>& child);
    void start_later(std::chrono::milliseconds lived);
    void replace();
    void report(std::string detail);

    boost::asio::io_context& context_;
    const Options options_;
    const ResponderListeners& listeners_;
    const ResponderLink::Ask ask_;
    const Clock& clock_;
    EventBus& events_;
    std::optional<ipc::Configuration> configuration_;
    std::shared_ptr<Child> child_;
    std::chrono::milliseconds wait_;
    std::uint64_t restarts_ = 0;
    bool started_ = false;    // once at least
    bool replacing_ = false;  // the end of the child is our wish
    boost::asio::steady_timer timer_;
};

}  // namespace portal::control
