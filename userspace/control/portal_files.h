// The files that keys of [portal] name, read and checked: what is here can be served.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "config/config.h"
#include "ipc/protocol.h"

namespace portal::control {

struct PortalFiles {
    std::optional<ipc::Tls> tls;
    // What can be served and may not be meant: each names key, file and cure.
    std::vector<std::string> warnings;
};

// An error names the key and the file, and what was expected.
Result<PortalFiles> read_portal_files(const config::Portal& portal, WallTime now);

}  // namespace portal::control
