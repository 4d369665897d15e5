// Calls back at a moment of the wall clock, and whenever that clock is set. One thread, the
// io_context's; that runs no more when this is destroyed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "control/readable.h"

namespace portal::control {

class WallTimer {
  public:
    static Result<std::unique_ptr<WallTimer>> create(boost::asio::io_context& context,
                                                     std::function<void()> task);

    // In the place of the moment before; none: never, nor when the clock is set. A moment that is
    // over has come. It comes once.
    Status set(const std::optional<WallTime>& moment);

  private:
    WallTimer(boost::asio::io_context& context, UniqueFd timer, std::function<void()> task);

    const UniqueFd timer_;
    const Readable expired_;
};

}  // namespace portal::control
