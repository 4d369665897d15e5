// What happens at the gate, as operators see it.
#pragma once

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
    denial,
    forgery,
    blocked,
    unblocked,
    trusted,
    untrusted,
    program_detached,
    program_attached,
    responder,
};

// As the API spells it: "sign_in", …
std::string_view to_string(EventType type);

struct Event {
    WallTime time{};
    EventType type = EventType::stranger;
    std::optional<ClientId> client = {};
    std::optional<IpAddress> ip = {};
    std::optional<std::string> interface = {};
    std::optional<std::string> user = {};
    std::optional<std::string> method = {};
    std::optional<std::string> detail = {};
};

// One line for the log: "sign_in 02:00:00:00:00:01 192.0.2.7 eth1 click-through".
std::string describe(const Event& event);

}  // namespace portal::control
