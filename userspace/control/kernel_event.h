// From what the kernel's programs tell to what operators see.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "control/event.h"
#include "dataplane/event_ring.h"

namespace portal::control {

EventType type_of(dataplane::KernelEventType type);

Event to_event(const dataplane::KernelEvent& seen, WallTime time,
               std::optional<std::string> interface);

}  // namespace portal::control
