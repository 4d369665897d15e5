// Where the portal's own pages are, as the beginning of their URLs: an origin (RFC 6454 §4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ip_address.h"

namespace portal {

struct PortalOrigin {
    bool tls = false;
    std::string hostname;  // empty: the portal goes by its address
    std::uint16_t port = 80;

    // The name, or else `address`, as it stands in a URL. None if there is neither.
    std::optional<std::string> host(const std::optional<IpAddress>& address) const;

    // "https://portal.example.net:8443": of that host, the port only where the scheme does not
    // imply it (RFC 9110 §4.2).
    std::optional<std::string> to_url(const std::optional<IpAddress>& address = std::nullopt) const;

    bool operator==(const PortalOrigin&) const = default;
};

}  // namespace portal
