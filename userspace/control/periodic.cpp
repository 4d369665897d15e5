#include "control/periodic.h"

#include <utility>

namespace portal::control {

Periodic::Periodic(boost::asio::io_context& context, std::chrono::milliseconds interval,
                   std::function<void()> task)
    : timer_(context), interval_(interval), task_(std::move(task)) {
    wait();
}

void Periodic::wait() {
    timer_.expires_after(interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error || stopped_) return;
        task_();
        wait();
    });
}

}  // namespace portal::control
