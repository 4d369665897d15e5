// /v1/vouchers
#pragma once

#include "base/clock.h"
#include "control/api/endpoint.h"
#include "control/vouchers.h"

namespace portal::control::api {

// All must outlive the endpoints.
Endpoints voucher_routes(Vouchers& vouchers, const Clock& clock);

}  // namespace portal::control::api
