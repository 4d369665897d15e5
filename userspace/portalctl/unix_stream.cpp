#include "portalctl/unix_stream.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>

namespace portal::portalctl {

namespace net = boost::asio;
using boost::system::error_code;

namespace {

error_code last_error() {
    return {errno, boost::system::system_category()};
}

timeval to_timeval(std::chrono::milliseconds time) {
    return {.tv_sec = time.count() / 1000,
            .tv_usec = static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

}  // namespace

UnixStream UnixStream::connect(const std::string& path, std::chrono::milliseconds timeout,
                               error_code& error) {
    error = {};
    UnixStream stream(UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)));
    const int fd = stream.fd_.get();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const timeval limit = to_timeval(timeout);
    if (path.size() >= sizeof address.sun_path) {
        error = net::error::name_too_long;
        return stream;
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0 ||
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        error = last_error();
    return stream;
}

void UnixStream::wait_for_ever(int interrupt) {
    for_ever_ = true;
    interrupt_ = interrupt;
}

bool UnixStream::is_stale() const {
    pollfd poll_fd{fd_.get(), POLLIN, 0};
    return poll(&poll_fd, 1, 0) != 0;
}

std::size_t UnixStream::receive(void* data, std::size_t size, error_code& error) {
    error = {};
    if (size == 0) return 0;
    while (true) {
        if (for_ever_) {
            // A negative descriptor is left out by poll().
            std::array<pollfd, 2> wait = {{{fd_.get(), POLLIN, 0}, {interrupt_, POLLIN, 0}}};
            if (poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) {
                error = last_error();
                return 0;
            }
            if (wait[1].revents != 0) {
                error = net::error::interrupted;
                return 0;
            }
            if (wait[0].revents == 0) continue;
        }
        const ssize_t count = recv(fd_.get(), data, size, 0);
        if (count > 0) return static_cast<std::size_t>(count);
        if (count == 0) {
            error = net::error::eof;
        } else if (errno == EINTR) {
            continue;
        } else {
            error = errno == EAGAIN ? error_code(net::error::timed_out) : last_error();
        }
        return 0;
    }
}

std::size_t UnixStream::send(const void* data, std::size_t size, error_code& error) {
    error = {};
    while (true) {
        const ssize_t count = ::send(fd_.get(), data, size, MSG_NOSIGNAL);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno == EINTR) continue;
        error = errno == EAGAIN ? error_code(net::error::timed_out) : last_error();
        return 0;
    }
}

}  // namespace portal::portalctl
