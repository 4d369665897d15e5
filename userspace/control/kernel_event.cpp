#include "control/kernel_event.h"

#include <utility>

namespace portal::control {

using dataplane::KernelEventType;

EventType type_of(KernelEventType type) {
    switch (type) {
        case KernelEventType::stranger:
            return EventType::stranger;
        case KernelEventType::forgery:
            return EventType::forgery;
        case KernelEventType::flood:
            return EventType::flood;
    }
    std::unreachable();
}

Event to_event(const dataplane::KernelEvent& seen, WallTime time,
               std::optional<std::string> interface) {
    Event event{.time = time, .type = type_of(seen.type)};
    // A flood may be of all strangers together.
    if (seen.client.mac != Mac{}) event.client = seen.client;
    if (!seen.address.is_unspecified()) event.ip = seen.address;
    event.interface = std::move(interface);
    if (!seen.reason.empty()) event.detail = seen.reason;
    return event;
}

}  // namespace portal::control
