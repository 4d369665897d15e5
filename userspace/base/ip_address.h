// IPv4 and IPv6 addresses and prefixes under one type.
//
// An address is 16 bytes in network byte order; IPv4 is held as v4-mapped IPv6
// (::ffff:a.b.c.d, RFC 4291 §2.5.5.2), the same shape the dataplane's maps use.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal {

struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const IpAddress&) const = default;

    static IpAddress v4(std::span<const std::uint8_t, 4> address);
    static IpAddress v6(std::span<const std::uint8_t, 16> address);

    bool is_v4() const;
    bool is_unspecified() const;
    bool is_loopback() const;
    bool is_multicast() const;
    bool is_link_local() const;
    // "192.0.2.1", or IPv6 as RFC 5952 writes it.
    std::string to_string() const;
    // As the host part of a URL: IPv6 in brackets (RFC 3986 §3.2.2).
    std::string to_url_host() const;
};

Result<IpAddress> parse_ip_address(std::string_view text);

// An address range. `length` counts from the first of the 128 bits: an IPv4 /24 is 120.
struct Prefix {
    IpAddress address;
    unsigned length = 128;

    auto operator<=>(const Prefix&) const = default;

    bool contains(const Prefix& other) const;
    // The length as the family writes it: 24 for 192.0.2.0/24.
    unsigned family_length() const { return address.is_v4() ? length - 96 : length; }
    // "192.0.2.0/24"; a single address without a length.
    std::string to_string() const;
};

// "192.0.2.0/24", "2001:db8::/32", or a single address. Bits after the prefix are an error,
// since they are usually a mistake.
Result<Prefix> parse_prefix(std::string_view text);

}  // namespace portal
