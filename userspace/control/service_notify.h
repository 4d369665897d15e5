// Tells the service manager how the daemon stands: sd_notify(3)'s protocol.
#pragma once

#include <string_view>

namespace portal::control {

// "READY=1", "STOPPING=1", …. Without NOTIFY_SOCKET in the environment, nothing happens.
void notify_service_manager(std::string_view state);

}  // namespace portal::control
