// The client object of the API.
#pragma once

#include <boost/json/object.hpp>

#include "control/client_view.h"

namespace portal::control::api {

// Every member is always there; what is absent is null.
boost::json::object to_json(const ClientView& client);

}  // namespace portal::control::api
