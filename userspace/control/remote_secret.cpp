#include "control/remote_secret.h"

#include <algorithm>
#include <string_view>

#include "auth/jwt.h"
#include "base/file.h"
#include "base/text.h"

namespace portal::control {

namespace {

constexpr std::size_t kLargestFile = 4096;

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
    TRY_ASSIGN(const std::string text, read_secret_file(path, kLargestFile));
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
