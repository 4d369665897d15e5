// Where a stranger signs in.
#pragma once

#include <optional>
#include <string>

#include "base/ip_address.h"
#include "ipc/protocol.h"

namespace portal::responder {

// `configuration.login_url`, else http:// with the configured hostname, else with
// `portal_address`; with `original` (see original_url.h) as its parameter `url`. None if there is
// nothing to make it of.
std::optional<std::string> login_url(const ipc::Configuration& configuration,
                                     const std::optional<IpAddress>& portal_address,
                                     const std::optional<std::string>& original);

// `path` with `original` as its parameter `url`.
std::string with_original(std::string path, const std::optional<std::string>& original);

}  // namespace portal::responder
