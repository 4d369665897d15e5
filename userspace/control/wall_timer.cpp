#include "control/wall_timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace portal::control {

Result<std::unique_ptr<WallTimer>> WallTimer::create(boost::asio::io_context& context,
                                                     std::function<void()> task) {
    UniqueFd timer(timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer) return fail_errno("cannot make a timer");
    return std::unique_ptr<WallTimer>(new WallTimer(context, std::move(timer), std::move(task)));
}

WallTimer::WallTimer(boost::asio::io_context& context, UniqueFd timer, std::function<void()> task)
    : timer_(std::move(timer)),
      expired_(context, timer_.get(), [fd = timer_.get(), task = std::move(task)] {
          // ECANCELED: the clock was set.
          std::uint64_t times = 0;
          if (read(fd, &times, sizeof times) < 0 && errno == EAGAIN) return;
          task();
      }) {}

Status WallTimer::set(const std::optional<WallTime>& moment) {
    itimerspec when{};
    if (moment) {
        const auto since_epoch = moment->time_since_epoch();
        const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
        when.it_value.tv_sec = seconds.count();
        when.it_value.tv_nsec = std::chrono::nanoseconds(since_epoch - seconds).count();
    }
    if (timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, nullptr) <
        0)
        return fail_errno("cannot set a timer");
    return {};
}

}  // namespace portal::control
