#include "control/api/routes.h"

#include <iterator>
#include <utility>

#include "control/api/audit_routes.h"
#include "control/api/client_routes.h"
#include "control/api/dataplane_routes.h"
#include "control/api/event_routes.h"
#include "control/api/garden_routes.h"
#include "control/api/policy_routes.h"
#include "control/api/user_routes.h"
#include "control/api/voucher_routes.h"

namespace portal::control::api {

Endpoints all_routes(const Services& services, ConfigAccess config, Gateway gateway) {
    Endpoints all;
    const auto add = [&](Endpoints endpoints) {
        std::ranges::move(endpoints, std::back_inserter(all));
    };
    add(client_routes(services.sessions, services.views));
    add(garden_routes(services.garden));
    add(user_routes(services.users, services.sessions, services.workers, services.clock));
    add(voucher_routes(services.vouchers, services.clock));
    add(audit_routes(services.audit, services.clock));
    add(event_routes(services.events));
    add(dataplane_routes(services.gate, gateway.client_interfaces));
    add(policy_routes(config.running, services.sessions));
    add(config_routes(std::move(config)));
    add(gateway_routes(std::move(gateway), services.sessions, services.views, services.gate,
                       services.clock));
    return all;
}

}  // namespace portal::control::api
