// Whether a request is for the portal's own host.
#pragma once

#include <optional>

#include "base/ip_address.h"
#include "domain/flow.h"
#include "http/authority.h"
#include "ipc/protocol.h"

namespace portal::responder {

// Whether `authority` names the portal by its hostname.
bool is_portal_name(const ipc::Configuration& configuration, const http::Authority& authority);

// Whether `authority` is the literal address that the connection goes to, as the portal's own
// is if the connection was not steered.
bool is_server_address(const Flow& flow, const http::Authority& authority);

// By name, or by the portal's literal address on a connection that goes there.
bool is_portal(const ipc::Configuration& configuration, const http::Authority& authority,
               const ipc::Caller& caller);

}  // namespace portal::responder
