// The walled garden: destinations that strangers may reach.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ip_address.h"

namespace portal {

enum class Protocol : std::uint8_t { tcp = 6, udp = 17 };  // IANA protocol numbers

struct PortRule {
    std::uint16_t port = 0;
    Protocol protocol = Protocol::tcp;

    auto operator<=>(const PortRule&) const = default;
};

// One line of the garden: a prefix, all of it or one port of it.
struct GardenRule {
    Prefix prefix;
    std::optional<PortRule> port;

    auto operator<=>(const GardenRule&) const = default;

    // "203.0.113.0/24", "203.0.113.7:443", "[2001:db8::1]:853/udp".
    std::string to_string() const;
};

// A prefix, optionally with a port as ":443" (TCP), ":443/tcp" or ":443/udp"; IPv6 with a port
// stands in brackets. A name is refused: the garden takes addresses.
Result<GardenRule> parse_garden_rule(std::string_view text);

// A prefix the garden may hold, as parse_prefix() reads it: not one of IPv6 so short that IPv4,
// which is held as v4-mapped, would lie within it.
Result<Prefix> parse_garden_prefix(std::string_view text);

// "443", "443/tcp", "443/udp".
Result<PortRule> parse_port_rule(std::string_view text);

// What the dataplane looks up: per prefix, the ports it and every prefix around it open. No
// ports means all.
struct GardenEntry {
    Prefix prefix;
    std::vector<PortRule> ports;

    bool operator==(const GardenEntry&) const = default;
};

// The most ports one entry holds after merging; GARDEN_PORTS of the dataplane.
inline constexpr std::size_t kGardenPorts = 15;
inline constexpr std::size_t kGardenEntries = 16384;

// Entries sorted by prefix, each prefix once. Fails with ErrorCode::full when a prefix would
// open more than kGardenPorts single ports.
Result<std::vector<GardenEntry>> compile_garden(std::span<const GardenRule> rules);

}  // namespace portal
