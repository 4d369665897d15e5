// Where a stranger signs in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "ipc/protocol.h"
#include "responder/original_url.h"

namespace portal::responder {

// `configuration.login_url`, else https:// with the configured hostname if the portal has TLS, else
// http:// with that or with `portal_address`; with `original` (see original_url.h) as its
// parameters `url` and `seal`. None if there is nothing to make it of.
std::optional<std::string> login_url(const ipc::Configuration& configuration,
                                     const std::optional<IpAddress>& portal_address,
                                     const std::optional<OriginalUrl>& original);

// `path`, which may have a query, on the portal's own host by https. For a portal with TLS.
std::string secure_url(const ipc::Configuration& configuration, std::string_view path);

// `path` with `original` as its parameters `url` and, if it has one, `seal`.
std::string with_original(std::string path, const std::optional<OriginalUrl>& original);

}  // namespace portal::responder
