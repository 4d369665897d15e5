// The process's log, on standard error: spdlog with one pattern for all programs.
#pragma once

#include <spdlog/spdlog.h>

#include <string_view>

#include "base/error.h"

namespace portal {

// Call once, first thing in main. `program` stands before each line.
void start_log(std::string_view program);

// An ERROR line, followed by a HINT line that says what to do.
void log_error(const Error& error);

}  // namespace portal
