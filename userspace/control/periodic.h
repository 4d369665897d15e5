// Does something at a steady interval, until it is stopped. One thread, the io_context's; that
// runs no more when this is destroyed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

namespace portal::control {

class Periodic {
  public:
    // The first time after one interval.
    Periodic(boost::asio::io_context& context, std::chrono::milliseconds interval,
             std::function<void()> task);

    void stop() { stopped_ = true; }

  private:
    void wait();

    boost::asio::steady_timer timer_;
    const std::chrono::milliseconds interval_;
    const std::function<void()> task_;
    bool stopped_ = false;
};

}  // namespace portal::control
