// One portald per state folder.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::control {

// Creates `folder` (mode 0700) where missing, and holds <folder>/portald.lock until the result
// ends. ErrorCode::conflict: another process holds it.
Result<UniqueFd> lock_state(const std::filesystem::path& folder);

}  // namespace portal::control
