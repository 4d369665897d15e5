// Passwords at rest: argon2id (RFC 9106) by libsodium, in its text form with parameters and salt.
// Any thread; hashing and verifying burn a tenth of a second of CPU and 64 MiB.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal::auth {

inline constexpr std::size_t kShortestPassword = 8;  // bytes
inline constexpr std::size_t kLongestPassword = 1024;

// What may become a password: kShortestPassword to kLongestPassword bytes of UTF-8 without
// control characters. ErrorCode::invalid if not.
Status check_password(std::string_view password);

// The hash of a password that passes check_password().
Result<std::string> hash_password(std::string_view password);

// Whether `hash` is of `password`; compared in constant time. A malformed hash is of none.
Result<bool> verify_password(std::string_view password, const std::string& hash);

}  // namespace portal::auth
