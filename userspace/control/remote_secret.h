// The secret shared with the venue's application.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace portal::control {

inline constexpr std::size_t kLongestSecret = 1024;  // bytes

// What `file` holds, without blanks and line ends around it: auth::kShortestJwtKey to
// kLongestSecret bytes in one line of ASCII without control characters. The file is a regular one,
// this user's or root's, and neither readable nor writable by others. The error names key and
// file, and never what the file holds.
Result<std::string> read_remote_secret(const std::filesystem::path& file);

}  // namespace portal::control
