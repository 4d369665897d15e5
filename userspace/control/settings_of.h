// What the configuration says, in the terms of those who do it.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "control/network_keeper.h"
#include "control/portal_files.h"
#include "control/remote_sign_in.h"
#include "control/responder_service.h"
#include "control/session_manager.h"
#include "control/venue_files.h"
#include "dataplane/dataplane.h"
#include "ipc/protocol.h"

namespace portal::control {

SessionManager::Rules session_rules_of(const config::Config& config);
NetworkKeeper::Settings network_settings_of(const config::Config& config, const PortalFiles& files);
dataplane::PolicyRoute policy_route_of(const config::Config& config);
// Without `bpffs` and `build`, which are not the configuration's.
dataplane::Options dataplane_options_of(const config::Config& config);
// Without `seal_key`, which is the supervisor's.
ipc::Configuration responder_configuration_of(const config::Config& config,
                                              const PortalFiles& files, const VenueFiles& venue);
ResponderService::Rules sign_in_rules_of(const config::Config& config);
// None unless the method is configured; `secret` is what remote.secret_file holds.
std::optional<RemoteSignIn::Settings> remote_settings_of(const config::Config& config,
                                                         std::string secret);
// Where guests sign in, as far as the configuration alone tells: with neither portal.login_url nor
// portal.hostname the portal goes by an address, another on each interface.
std::optional<std::string> login_url_of(const config::Config& config);

}  // namespace portal::control
