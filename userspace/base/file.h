// Files of a known kind, read whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/error.h"

namespace portal {

// A regular file, or a link to one. ErrorCode::not_found: there is none; ErrorCode::invalid: it
// is something else, or has more than `largest` bytes. Errors do not name it.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t largest);

// Likewise, of a file that must be kept from others. ErrorCode::denied: it is neither this user's
// nor root's, others can open it, or its group can write it.
Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t largest);

}  // namespace portal
