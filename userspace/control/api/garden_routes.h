// /v1/garden
#pragma once

#include "control/api/endpoint.h"
#include "control/garden.h"

namespace portal::control::api {

// `garden` must outlive the endpoints.
Endpoints garden_routes(Garden& garden);

}  // namespace portal::control::api
