// /v1/events
#pragma once

#include <boost/json/value.hpp>

#include "control/api/endpoint.h"
#include "control/event_bus.h"

namespace portal::control::api {

// `events` must outlive the endpoints.
Endpoints event_routes(EventBus& events);

boost::json::value to_json(const Event& event);

}  // namespace portal::control::api
