// /v1/clients
#pragma once

#include "control/api/endpoint.h"
#include "control/client_view.h"
#include "control/session_manager.h"

namespace portal::control::api {

// Both must outlive the endpoints.
Endpoints client_routes(SessionManager& sessions, const ClientViews& views);

}  // namespace portal::control::api
