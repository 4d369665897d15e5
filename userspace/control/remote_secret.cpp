#include "control/remote_secret.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "auth/jwt.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace portal::control {

namespace {

constexpr std::size_t kLargestFile = 4096;

Status check_keeping(int file) {
    struct stat status {};
    if (fstat(file, &status) != 0) return fail_errno("cannot be read");
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid, "is not a regular file");
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return fail(ErrorCode::denied, "belongs to another user", "chown it to root");
    if ((status.st_mode & S_IRWXO) != 0 || (status.st_mode & S_IWGRP) != 0)
        return fail(ErrorCode::denied, "is open to others than its owner", "chmod it to 600");
    return {};
}

Result<std::string> read_all(int file) {
    std::string text(kLargestFile + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = read(file, text.data() + size, text.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("cannot be read");
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    text.resize(size);
    return text;
}

Status check_secret(std::string_view secret) {
    const std::string how = "make one with: openssl rand -hex 32";
    if (secret.size() < auth::kShortestJwtKey)
        return fail(ErrorCode::invalid,
                    "holds " + std::to_string(secret.size()) + " bytes, fewer than " +
                        std::to_string(auth::kShortestJwtKey),
                    how);
    if (secret.size() > kLongestSecret)
        return fail(ErrorCode::invalid,
                    "holds more than " + std::to_string(kLongestSecret) + " bytes", how);
    if (!std::ranges::all_of(secret, [](char c) { return c >= ' ' && c < 0x7f; }))
        return fail(ErrorCode::invalid, "holds more than one line of printable ASCII", how);
    return {};
}

Result<std::string> read_secret(const std::filesystem::path& path) {
    // O_NONBLOCK: a FIFO in place of the file must not hold up the start.
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file) return fail_errno("cannot be opened");
    TRY(check_keeping(file.get()));
    TRY_ASSIGN(const std::string text, read_all(file.get()));
    const std::string_view secret = trimmed(text);
    TRY(check_secret(secret));
    return std::string(secret);
}

}  // namespace

Result<std::string> read_remote_secret(const std::filesystem::path& file) {
    auto secret = read_secret(file);
    if (!secret)
        return std::unexpected(within("remote.secret_file: " + printable(file.string(), 4096),
                                      std::move(secret).error()));
    return secret;
}

}  // namespace portal::control
