// The sockets on which connections to the responder arrive, wherever those were headed:
// transparent, and reached only by steering, since they are bound to loopback. Those for HTTPS are
// there without TLS too: nothing is steered to them then.
#pragma once

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::control {

struct ResponderListeners {
    UniqueFd http4;
    UniqueFd http6;
    UniqueFd https4;
    UniqueFd https6;
    UniqueFd remote;  // see remote_listener.h; none unless configured
};

// Needs CAP_NET_ADMIN, for IP_TRANSPARENT.
Result<ResponderListeners> open_responder_listeners();

}  // namespace portal::control
