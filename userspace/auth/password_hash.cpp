#include "auth/password_hash.h"

#include <sodium.h>

#include <array>
#include <cerrno>

#include "base/text.h"

namespace portal::auth {

namespace {

Status start_sodium() {
    // Chooses the CPU's fastest code and opens the random source; once, then 1.
    if (sodium_init() < 0) return fail(ErrorCode::system, "libsodium cannot start");
    return {};
}

std::unexpected<Error> out_of_memory() {
    return fail(ErrorCode::unavailable, "no memory to check a password", "one check takes 64 MiB");
}

}  // namespace

Status check_password(std::string_view password) {
    if (password.size() < kShortestPassword || password.size() > kLongestPassword)
        return fail(ErrorCode::invalid,
                    "a password of " + std::to_string(password.size()) + " bytes",
                    "use " + std::to_string(kShortestPassword) + " to " +
                        std::to_string(kLongestPassword) + " bytes");
    if (!is_plain_text(password))
        return fail(ErrorCode::invalid, "a password that is not plain text",
                    "use UTF-8 without control characters");
    return {};
}

Result<std::string> hash_password(std::string_view password) {
    TRY(check_password(password));
    TRY(start_sodium());
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str_alg(
            hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return out_of_memory();
    return std::string(hash.data());
}

Result<bool> verify_password(std::string_view password, const std::string& hash) {
    TRY(start_sodium());
    errno = 0;
    if (crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0) return true;
    if (errno == ENOMEM) return out_of_memory();
    return false;
}

}  // namespace portal::auth
