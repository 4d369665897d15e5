#include "control/placement.h"

#include <limits>

namespace portal::control {

namespace {

// No interface has it: the kernel's indices are positive ints.
constexpr unsigned kNowhere = std::numeric_limits<unsigned>::max();

}  // namespace

void Placement::place(const Session& session, dataplane::ClientEntry& entry) const {
    entry.ifindex = 0;
    if (session.interface) {
        const auto found = interfaces.find(*session.interface);
        entry.ifindex = found == interfaces.end() ? kNowhere : found->second;
    }
    entry.bound = bind_addresses && session.state == ClientState::authorized;
}

}  // namespace portal::control
