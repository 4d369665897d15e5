// /v1/config
#pragma once

#include <functional>

#include "config/config.h"
#include "config/settings.h"
#include "control/api/endpoint.h"

namespace portal::control::api {

struct ConfigAccess {
    std::function<const config::Config&()> running;
    std::function<Result<config::ReloadResult>()> reload;
};

Endpoints config_routes(ConfigAccess access);

}  // namespace portal::control::api
