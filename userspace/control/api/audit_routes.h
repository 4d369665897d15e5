// /v1/audit
#pragma once

#include "base/clock.h"
#include "control/api/endpoint.h"
#include "control/audit_trail.h"

namespace portal::control::api {

// Both must outlive the endpoints.
Endpoints audit_routes(AuditTrail& audit, const Clock& clock);

}  // namespace portal::control::api
