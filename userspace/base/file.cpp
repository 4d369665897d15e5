#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace portal {

Result<std::string> read_file(const std::filesystem::path& path, std::size_t largest) {
    // O_NONBLOCK: a FIFO in place of the file must not hold up the reader.
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file && errno == ENOENT) return fail(ErrorCode::not_found, "no such file");
    if (!file) return fail_errno("cannot be opened");
    struct stat status {};
    if (fstat(file.get(), &status) != 0) return fail_errno("cannot be read");
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid, "not a regular file");
    std::string text;
    std::string block(64 * 1024, '\0');
    while (true) {
        const ssize_t count = read(file.get(), block.data(), block.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("cannot be read");
        if (count == 0) return text;
        text.append(block, 0, static_cast<std::size_t>(count));
        if (text.size() > largest)
            return fail(ErrorCode::invalid, "larger than " + std::to_string(largest) + " bytes");
    }
}

}  // namespace portal
