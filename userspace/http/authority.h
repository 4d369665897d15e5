// The host and port that a request is meant for, as Host and absolute targets carry them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"

namespace portal::http {

struct Authority {
    std::string host;  // lower case; an IPv6 address in brackets; empty if none was given
    std::string port;  // digits; empty if none was given

    bool operator==(const Authority&) const = default;

    // The host as an IP address, if it is a literal one.
    std::optional<IpAddress> address() const;
    // As in a URL: "host", "host:8080", "[2001:db8::1]:8080".
    std::string to_string() const;
};

// uri-host [ ":" port ] (RFC 9110 §7.2). Empty is valid; user information is not.
std::optional<Authority> parse_authority(std::string_view text);

}  // namespace portal::http
