#include "portalctl/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <array>

namespace portal::portalctl {

bool LineReader::is_terminal() const {
    return isatty(fd_) == 1;
}

Result<std::optional<std::string>> LineReader::next(int interrupt) {
    std::array<char, 4096> piece;
    while (true) {
        const std::size_t end = buffer_.find('\n');
        if (end > kLongestLine && buffer_.size() > kLongestLine)
            return fail(ErrorCode::invalid,
                        "a line is longer than " + std::to_string(kLongestLine) + " bytes");
        if (end != std::string::npos || (ended_ && !buffer_.empty())) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end == std::string::npos ? end : end + 1);
            if (line.ends_with('\r')) line.pop_back();
            return line;
        }
        if (ended_) return std::nullopt;

        std::array<pollfd, 2> wait = {{{fd_, POLLIN, 0}, {interrupt, POLLIN, 0}}};
        if (poll(wait.data(), wait.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return fail_errno("cannot read the input");
        }
        if (wait[1].revents != 0) return fail(ErrorCode::unavailable, "interrupted");
        const ssize_t count = read(fd_, piece.data(), piece.size());
        if (count < 0 && errno != EINTR) return fail_errno("cannot read the input");
        if (count == 0) ended_ = true;
        if (count > 0) buffer_.append(piece.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace portal::portalctl
