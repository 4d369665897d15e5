// Sole use of a file among processes, by flock(2) on a file of its own beside it: closing a
// descriptor of the database itself would drop the locks SQLite holds on it (fcntl(2)).
#pragma once

#include <filesystem>

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::store::sqlite {

class FileLock {
  public:
    // Takes "PATH.lock". ErrorCode::conflict if another holds it; unavailable if it cannot be made.
    static Result<FileLock> take(const std::filesystem::path& path);

  private:
    explicit FileLock(UniqueFd file) : file_(std::move(file)) {}

    UniqueFd file_;
};

}  // namespace portal::store::sqlite
