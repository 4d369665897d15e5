// Calls back whenever a file descriptor is readable. One thread, the io_context's; that runs no
// more when this is destroyed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>

namespace portal::control {

class Readable {
  public:
    // `fd` stays the caller's. `task` reads what is there.
    Readable(boost::asio::io_context& context, int fd, std::function<void()> task);

  private:
    void wait();

    boost::asio::posix::stream_descriptor descriptor_;  // a copy
    const std::function<void()> task_;
};

}  // namespace portal::control
