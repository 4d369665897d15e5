#include "control/sightings.h"

#include <utility>

#include "control/kernel_event.h"

namespace portal::control {

namespace {

constexpr std::string_view kBound = "source_bound";

std::string describe_forgery(const dataplane::KernelEvent& seen, const SessionManager& sessions) {
    if (seen.reason == kBound) return "uses an address that belongs to another client";
    const auto session = sessions.find(seen.client);
    return "has the MAC address of a session on " +
           (session && session->interface ? *session->interface : "another interface");
}

}  // namespace

std::vector<Event> events_of(const dataplane::KernelEvent& seen, const SessionManager& sessions,
                             const Topology& topology, WallTime now) {
    using Type = dataplane::KernelEventType;
    std::vector<Event> events{to_event(seen, now, topology.name_of(seen.ifindex))};
    if (seen.type == Type::forgery) events.front().detail = describe_forgery(seen, sessions);
    if (seen.type != Type::stranger) return events;
    if (const auto namesake = sessions.find_namesake(seen.client)) {
        Event forgery = events.front();
        forgery.type = EventType::forgery;
        forgery.detail = "has the MAC address of " + namesake->client.to_string() + ", " +
                         std::string(to_string(namesake->state)) + " on another VLAN";
        events.push_back(std::move(forgery));
    }
    return events;
}

}  // namespace portal::control
