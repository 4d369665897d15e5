// All of the API, /v1/…
#pragma once

#include "base/clock.h"
#include "control/api/config_routes.h"
#include "control/api/endpoint.h"
#include "control/api/gateway_routes.h"
#include "control/audit_trail.h"
#include "control/client_view.h"
#include "control/event_bus.h"
#include "control/garden.h"
#include "control/gate.h"
#include "control/session_manager.h"
#include "control/vouchers.h"
#include "control/worker_pool.h"
#include "store/user_store.h"

namespace portal::control::api {

// Who stands behind the API.
struct Services {
    SessionManager& sessions;
    ClientViews& views;
    Garden& garden;
    Vouchers& vouchers;
    AuditTrail& audit;
    store::UserStore& users;
    WorkerPool& workers;
    EventBus& events;
    Gate& gate;
    const Clock& clock;
};

// The services must outlive the endpoints.
Endpoints all_routes(const Services& services, ConfigAccess config, Gateway gateway);

}  // namespace portal::control::api
