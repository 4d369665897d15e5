// The files by which a venue makes the pages its own: its logo and its terms of use.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "config/config.h"
#include "ipc/protocol.h"

namespace portal::control {

struct VenueFiles {
    std::optional<ipc::Logo> logo;
    std::string terms;  // empty: none
};

// What the keys `portal.logo` and `portal.terms` name. An error names the key and the file.
Result<VenueFiles> read_venue_files(const config::Portal& portal);

}  // namespace portal::control
