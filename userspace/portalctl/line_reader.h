// Lines from a descriptor, bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/error.h"

namespace portal::portalctl {

class LineReader {
  public:
    static constexpr std::size_t kLongestLine = 64 * 1024;  // bytes

    // `fd` is not owned.
    explicit LineReader(int fd) : fd_(fd) {}

    bool is_terminal() const;
    int fd() const { return fd_; }

    // The next line without its end; none at the end of input. If the descriptor `interrupt`
    // (-1: none) becomes readable while waiting, that is ErrorCode::unavailable.
    Result<std::optional<std::string>> next(int interrupt = -1);

  private:
    int fd_;
    std::string buffer_;
    bool ended_ = false;
};

}  // namespace portal::portalctl
