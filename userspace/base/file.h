// Reading a whole file of a bounded size.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/error.h"

namespace portal {

// The bytes of `path`, which must be a regular file (or a link to one) of at most `largest` bytes.
// Never waits, whatever the path leads to. ErrorCode::not_found: there is none. Errors do not name
// the path.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t largest);

}  // namespace portal
