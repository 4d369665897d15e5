// From portald.toml to a Config. Everything is checked here; who holds a Config need not ask again.
//
// An error lists every fault found, one a line, in the order of the file:
//   portald.toml:12: session.timeout: expected a duration such as "8h", got an integer
// Nothing but the file itself is looked at: whether an interface or a user exists is not known
// here. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "config/config.h"

namespace portal::config {

inline constexpr std::size_t kLargestFile = 1024 * 1024;  // bytes

// The file must be a regular one (or a link to one) of at most kLargestFile bytes.
Result<Config> load_file(const std::filesystem::path& path, const Directories& directories = {});

// `name` stands for the file in errors.
Result<Config> parse(std::string_view text, std::string_view name,
                     const Directories& directories = {});

}  // namespace portal::config
