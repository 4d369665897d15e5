// /v1/status, /v1/doctor and /v1/detach: the gateway as a whole.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/api/endpoint.h"
#include "control/client_view.h"
#include "control/doctor.h"
#include "control/gate.h"
#include "control/responder_state.h"

namespace portal::control::api {

// The portal as guests know it.
struct PortalFront {
    std::string name;
    std::optional<std::string> login_url;  // where it is the same on every interface
};

struct Gateway {
    std::string version;
    std::string config;  // path
    std::string store;   // URL
    std::vector<std::string> client_interfaces;
    std::function<PortalFront()> portal;
    WallTime started_at{};
    MonotonicTime started{0};
    std::function<ResponderState()> responder;
    std::function<std::vector<Check>()> doctor;
    // Opens the gate; returns the interfaces freed.
    std::function<Result<std::vector<std::string>>()> detach;
    // Ends portald.
    std::function<void()> end;
};

// All must outlive the endpoints.
Endpoints gateway_routes(Gateway gateway, const SessionManager& sessions, const ClientViews& views,
                         const Gate& gate, const Clock& clock);

}  // namespace portal::control::api
