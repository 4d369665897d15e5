// How portal-responder stands.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace portal::control {

struct ResponderState {
    std::optional<pid_t> pid;    // none: not running
    std::uint64_t restarts = 0;  // since portald started
};

}  // namespace portal::control
