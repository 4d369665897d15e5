// Where a stranger signs in.
#pragma once

#include <optional>
#include <string>

#include "base/ip_address.h"
#include "ipc/protocol.h"
#include "responder/original_url.h"

namespace portal::responder {

// `configuration.login_url`, else http:// with the configured hostname, else with
// `portal_address`; with `original` as its parameters `url` and `seal`. None if there is nothing to
// make it of.
std::optional<std::string> login_url(const ipc::Configuration& configuration,
                                     const std::optional<IpAddress>& portal_address,
                                     const std::optional<OriginalUrl>& original);

// `path` with `original` as its parameters `url` and, if it has one, `seal`.
std::string with_original(std::string path, const std::optional<OriginalUrl>& original);

}  // namespace portal::responder
