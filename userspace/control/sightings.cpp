#include "control/sightings.h"

#include <utility>

namespace portal::control {

namespace {

Event event_of(EventType type, const dataplane::Sighting& sighting, const Topology& topology,
               WallTime now) {
    Event event{.time = now, .type = type, .client = sighting.client};
    if (!sighting.address.is_unspecified()) event.ip = sighting.address;
    event.interface = topology.name_of(sighting.ifindex);
    return event;
}

}  // namespace

std::vector<Event> events_of(const dataplane::Sighting& sighting, const SessionManager& sessions,
                             const Topology& topology, WallTime now) {
    using Kind = dataplane::Sighting::Kind;
    std::vector<Event> events;
    const auto add_forgery = [&](std::string detail) {
        Event forgery = event_of(EventType::forgery, sighting, topology, now);
        forgery.detail = std::move(detail);
        events.push_back(std::move(forgery));
    };
    switch (sighting.kind) {
        case Kind::stranger:
            events.push_back(event_of(EventType::stranger, sighting, topology, now));
            if (const auto namesake = sessions.find_namesake(sighting.client))
                add_forgery("has the MAC address of " + namesake->client.to_string() + ", " +
                            std::string(to_string(namesake->state)) + " on another VLAN");
            break;
        case Kind::elsewhere: {
            const auto session = sessions.find(sighting.client);
            add_forgery(
                "has the MAC address of a session on " +
                (session && session->interface ? *session->interface : std::string("another interface")));
            break;
        }
        case Kind::bound:
            add_forgery("uses an address that belongs to another client");
            break;
    }
    return events;
}

}  // namespace portal::control
