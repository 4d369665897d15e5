// What the configuration says, in the terms of those who do it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"
#include "control/network_keeper.h"
#include "control/session_manager.h"
#include "control/venue_files.h"
#include "dataplane/dataplane.h"
#include "ipc/protocol.h"

namespace portal::control {

SessionManager::Rules session_rules_of(const config::Config& config);
NetworkKeeper::Settings network_settings_of(const config::Config& config);
dataplane::PolicyRoute policy_route_of(const config::Config& config);
// Without `bpffs` and `build`, which are not the configuration's.
dataplane::Options dataplane_options_of(const config::Config& config);
// Without `seal_key`, which is the supervisor's.
ipc::Configuration responder_configuration_of(const config::Config& config,
                                              const VenueFiles& files);
std::vector<std::string> sign_in_methods_of(const config::Config& config);

}  // namespace portal::control
