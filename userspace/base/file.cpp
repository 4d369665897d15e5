#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace portal {

namespace {

struct OpenFile {
    UniqueFd descriptor;
    struct stat status {};
};

Result<OpenFile> open_file(const std::filesystem::path& path) {
    OpenFile file;
    // O_NONBLOCK: a FIFO in place of the file must not hold up the start.
    file.descriptor = UniqueFd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.descriptor && errno == ENOENT) return fail(ErrorCode::not_found, "no such file");
    if (!file.descriptor) return fail_errno("cannot be opened");
    if (fstat(file.descriptor.get(), &file.status) != 0) return fail_errno("cannot be read");
    if (!S_ISREG(file.status.st_mode)) return fail(ErrorCode::invalid, "not a regular file");
    return file;
}

Status check_keeping(const struct stat& status) {
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return fail(ErrorCode::denied, "belongs to another user", "chown it to root");
    if ((status.st_mode & S_IRWXO) != 0 || (status.st_mode & S_IWGRP) != 0)
        return fail(ErrorCode::denied, "is open to others than its owner", "chmod it to 600");
    return {};
}

Result<std::string> read_all(const OpenFile& file, std::size_t largest) {
    std::string text;
    std::string block(64 * 1024, '\0');
    while (true) {
        const ssize_t count = read(file.descriptor.get(), block.data(), block.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("cannot be read");
        if (count == 0) return text;
        text.append(block, 0, static_cast<std::size_t>(count));
        if (text.size() > largest)
            return fail(ErrorCode::invalid, "larger than " + std::to_string(largest) + " bytes");
    }
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t largest) {
    TRY_ASSIGN(const OpenFile file, open_file(path));
    return read_all(file, largest);
}

Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t largest) {
    TRY_ASSIGN(const OpenFile file, open_file(path));
    TRY(check_keeping(file.status));
    return read_all(file, largest);
}

}  // namespace portal
