#include "domain/portal_origin.h"

namespace portal {

namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

}  // namespace

std::optional<std::string> PortalOrigin::host(const std::optional<IpAddress>& address) const {
    if (!hostname.empty()) return hostname;
    if (address) return address->to_url_host();
    return std::nullopt;
}

std::optional<std::string> PortalOrigin::to_url(const std::optional<IpAddress>& address) const {
    const std::optional<std::string> host = this->host(address);
    if (!host) return std::nullopt;
    std::string url = (tls ? "https://" : "http://") + *host;
    if (port != (tls ? kHttpsPort : kHttpPort)) url += ":" + std::to_string(port);
    return url;
}

}  // namespace portal
