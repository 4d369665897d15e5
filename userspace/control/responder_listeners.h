// The sockets on which strangers' connections arrive, wherever those were headed: transparent,
// and reached only by steering, since they are bound to loopback.
#pragma once

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::control {

struct ResponderListeners {
    UniqueFd http4;
    UniqueFd http6;
    UniqueFd remote;  // see remote_listener.h; none unless configured
};

// Needs CAP_NET_ADMIN, for IP_TRANSPARENT.
Result<ResponderListeners> open_responder_listeners();

}  // namespace portal::control
