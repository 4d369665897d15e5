// Where a session counts: on the client interface it was begun on, by the index that interface has
// now; and whether its addresses are its own alone.
#pragma once

#include <map>
#include <string>

#include "dataplane/client_table.h"
#include "domain/session.h"

namespace portal::control {

struct Placement {
    std::map<std::string, unsigned, std::less<>> interfaces;  // name to index
    bool bind_addresses = false;

    bool operator==(const Placement&) const = default;

    // Sets what `entry` has of it. A session of an interface that is gone counts nowhere.
    void place(const Session& session, dataplane::ClientEntry& entry) const;
};

}  // namespace portal::control
