// An io_context that runs on a thread of its own until the test is over.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

namespace portal::test {

class RunningContext {
  public:
    // After what is to run on it has been set up.
    void start() {
        thread_ = std::thread([this] { context_.run(); });
    }
    ~RunningContext() { stop(); }
    void stop() {
        context_.stop();
        if (thread_.joinable()) thread_.join();
    }
    // For another start().
    void restart() {
        stop();
        context_.restart();
    }

    boost::asio::io_context& get() { return context_; }

  private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
        context_.get_executor()};
    std::thread thread_;
};

}  // namespace portal::test
