// /v1/users
#pragma once

#include "base/clock.h"
#include "control/api/endpoint.h"
#include "control/session_manager.h"
#include "control/worker_pool.h"
#include "store/user_store.h"

namespace portal::control::api {

// All must outlive the endpoints. Passwords are hashed on `workers`.
Endpoints user_routes(store::UserStore& users, const SessionManager& sessions, WorkerPool& workers,
                      const Clock& clock);

}  // namespace portal::control::api
