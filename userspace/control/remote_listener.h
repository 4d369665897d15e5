// The socket at which the venue's application brings its grants, on an address of the operator's
// choosing.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::control {

// `address` is ADDRESS:PORT as config::Remote::listen has it. The error names the key.
Result<UniqueFd> open_remote_listener(const std::string& address);

}  // namespace portal::control
