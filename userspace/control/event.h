// What happens at the gate, as operators see it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/time.h"
#include "domain/client.h"

namespace portal::control {

enum class EventType {
    stranger,
    sign_in,
    sign_out,
    expiry,
    quota,
    denial,
    forgery,
    flood,
    blocked,
    unblocked,
    trusted,
    untrusted,
    program_detached,
    program_attached,
    responder,
    lost,  // how many of which were left out
};

// As the API spells it: "sign_in", …
std::string_view to_string(EventType type);

// Whether a station can cause any number of these: they are told at a bounded rate.
bool is_unbidden(EventType type);

struct Event {
    WallTime time{};
    EventType type = EventType::stranger;
    std::optional<ClientId> client = {};
    std::optional<IpAddress> ip = {};
    std::optional<std::string> interface = {};
    std::optional<std::string> user = {};
    std::optional<std::string> method = {};
    std::optional<std::string> detail = {};
    std::map<EventType, std::uint64_t> lost = {};
    std::uint64_t id = 0;  // rises with each event, over restarts too; 0: not a place in the stream
};

// One line for the log: "sign_in 02:00:00:00:00:01 192.0.2.7 eth1 click-through".
std::string describe(const Event& event);

}  // namespace portal::control
