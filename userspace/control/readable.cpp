#include "control/readable.h"

#include <fcntl.h>

#include <utility>

namespace portal::control {

Readable::Readable(boost::asio::io_context& context, int fd, std::function<void()> task)
    : descriptor_(context, fcntl(fd, F_DUPFD_CLOEXEC, 0)), task_(std::move(task)) {
    wait();
}

void Readable::wait() {
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [this](const boost::system::error_code& error) {
                               if (error) return;
                               task_();
                               wait();
                           });
}

}  // namespace portal::control
