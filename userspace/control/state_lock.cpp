#include "control/state_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace portal::control {

Result<UniqueFd> lock_state(const std::filesystem::path& folder) {
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fail_errno("cannot create " + folder.string(),
                          "create the folder above it, or give --state DIR");
    const std::filesystem::path path = folder / "portald.lock";
    UniqueFd lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) return fail_errno("cannot open " + path.string());
    if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK)
        return fail(ErrorCode::conflict, "another portald uses " + folder.string(),
                    "stop that one first, or give this one its own --state, --run and --bpffs");
    return fail_errno("cannot lock " + path.string());
}

}  // namespace portal::control
