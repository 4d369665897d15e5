// /v1/policies
#pragma once

#include <functional>

#include "config/config.h"
#include "control/api/endpoint.h"
#include "control/session_manager.h"

namespace portal::control::api {

Endpoints policy_routes(std::function<const config::Config&()> running,
                        const SessionManager& sessions);

}  // namespace portal::control::api
