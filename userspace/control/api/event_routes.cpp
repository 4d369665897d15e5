#include "control/api/event_routes.h"

#include <utility>

#include "control/api/json_text.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

// What a watcher may fall behind before it loses events.
constexpr std::size_t kCapacity = 1024;

json::value to_json(const EventBus::Losses& lost) {
    json::object counts;
    for (const auto& [type, count] : lost)
        counts[to_string(type)] = count;
    return counts;
}

}  // namespace

json::value to_json(const Event& event) {
    json::value mac;
    json::value vlan;
    json::value ip;
    if (event.client) {
        mac = to_json(event.client->mac.to_string());
        vlan = event.client->vlan;
    }
    if (event.ip) ip = to_json(event.ip->to_string());
    return {{"time", to_json(event.time)},
            {"type", to_json(to_string(event.type))},
            {"mac", std::move(mac)},
            {"vlan", std::move(vlan)},
            {"ip", std::move(ip)},
            {"interface", or_null(event.interface)},
            {"user", or_null(event.user)},
            {"method", or_null(event.method)},
            {"detail", or_null(event.detail)},
            {"lost", event.lost.empty() ? json::value() : to_json(event.lost)}};
}

Endpoints event_routes(EventBus& events) {
    return {
        {.method = "GET",
         .path = "/v1/events",
         .call = Stream([&events](std::function<void()> wake, std::optional<std::uint64_t> after) {
             return events.subscribe(kCapacity, std::move(wake), after);
         })}};
}

}  // namespace portal::control::api
