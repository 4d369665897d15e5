// Keeps one portal-responder running: starts it, tells it what to serve, gives it the sockets,
// and starts it again when it ends, later each time it ends early. When there is something else to
// serve, another takes over, and the former finishes what it has begun.
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
#include <vector>

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
    // has changed, without a moment in which none accepts; if another cannot be started, it goes on
    // until one can.
    void serve(ipc::Configuration configuration);

    // Ends it for good, and those that finish: asks, waits at most two seconds, then insists.
    void stop();

    ResponderState state() const;
    // How long it is to wait after the next early end.
    std::chrono::milliseconds next_wait() const { return wait_; }
    const std::string& user() const { return options_.user; }

  private:
    struct Child;

    void start();
    void replace();
    void retire(const std::shared_ptr<Child>& child);
    Result<std::shared_ptr<Child>> launch();
    void take_over(std::shared_ptr<Child> child);
    void watch(const std::shared_ptr<Child>& child);
    void talk(const std::shared_ptr<Child>& child);
    void ended(const std::shared_ptr<Child>& child);
    void start_later(std::chrono::milliseconds lived);
    void try_later(void (ResponderSupervisor::*again)());
    static void end(Child& child);
    void report(std::string detail);

    boost::asio::io_context& context_;
    const Options options_;
    const ResponderListeners& listeners_;
    const ResponderLink::Ask ask_;
    const Clock& clock_;
    EventBus& events_;
    std::optional<ipc::Configuration> configuration_;
    std::shared_ptr<Child> child_;
    std::vector<std::shared_ptr<Child>> retired_;  // until they have ended
    std::chrono::milliseconds wait_;
    std::uint64_t restarts_ = 0;
    bool started_ = false;  // once at least
    boost::asio::steady_timer timer_;
};

}  // namespace portal::control
