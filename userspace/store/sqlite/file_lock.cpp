#include "store/sqlite/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>

#include "base/text.h"

namespace portal::store::sqlite {

Result<FileLock> FileLock::take(const std::filesystem::path& path) {
    const std::string name = printable(path.string(), 4096);
    UniqueFd file(open((path.string() + ".lock").c_str(),
                       O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!file && errno == ENOENT)
        return fail(ErrorCode::unavailable,
                    name + ": the directory " + printable(path.parent_path().string(), 4096) +
                        " does not exist",
                    "create it, or name another place with store.url");
    if (!file)
        return fail(ErrorCode::unavailable,
                    name + ".lock: cannot be made: " + std::generic_category().message(errno),
                    "portald must be able to write to the store's directory");
    if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return fail(ErrorCode::conflict, name + ": another process uses this store",
                        "stop the other portald, or give this one a store of its own with "
                        "store.url or --state");
        return fail_errno(name + ".lock: cannot be locked");
    }
    return FileLock(std::move(file));
}

}  // namespace portal::store::sqlite
