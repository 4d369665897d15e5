// /v1/stats, /v1/programs and /v1/features: what the dataplane counts, runs and can do.
#pragma once

#include <string>
#include <vector>

#include "control/api/endpoint.h"
#include "control/gate.h"

namespace portal::control::api {

// `gate` must outlive the endpoints.
Endpoints dataplane_routes(const Gate& gate, std::vector<std::string> client_interfaces);

}  // namespace portal::control::api
