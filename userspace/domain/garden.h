// The walled garden: destinations that strangers may reach.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/ip_address.h"
#include "domain/garden_name.h"

namespace portal {

enum class Protocol : std::uint8_t { tcp = 6, udp = 17 };  // IANA protocol numbers

struct PortRule {
    std::uint16_t port = 0;
    Protocol protocol = Protocol::tcp;

    auto operator<=>(const PortRule&) const = default;
};

// One line of the garden: a prefix, or what a name leads to, all of it or one port of it.
struct GardenRule {
    std::variant<Prefix, GardenName> place;
    std::optional<PortRule> port;

    auto operator<=>(const GardenRule&) const = default;

    const Prefix* prefix() const { return std::get_if<Prefix>(&place); }
    const GardenName* name() const { return std::get_if<GardenName>(&place); }
    // "203.0.113.0/24" or "*.example.org", without the port.
    std::string place_text() const;
    // "203.0.113.0/24", "203.0.113.7:443", "[2001:db8::1]:853/udp", "pay.example.com:443".
    std::string to_string() const;
};

// A prefix or a name, optionally with a port as ":443" (TCP), ":443/tcp" or ":443/udp"; IPv6 with a
// port stands in brackets.
Result<GardenRule> parse_garden_rule(std::string_view text);

// A prefix or a name alone.
Result<std::variant<Prefix, GardenName>> parse_garden_place(std::string_view text);

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

// What the names of the garden open at the addresses they lead to. No ports means all.
using NameOpenings = std::map<GardenName, std::vector<PortRule>>;

// The most ports one entry holds after merging; GARDEN_PORTS of the dataplane.
inline constexpr std::size_t kGardenPorts = 15;
inline constexpr std::size_t kGardenEntries = 16384;
inline constexpr std::size_t kGardenNames = 1024;

struct CompiledGarden {
    std::vector<GardenEntry> entries;  // sorted by prefix, each prefix once
    NameOpenings names;
};

// Fails with ErrorCode::full when a prefix or a name would open more than kGardenPorts single
// ports, or when there are too many.
Result<CompiledGarden> compile_garden(std::span<const GardenRule> rules);

// What an address opens to which each of `names` leads: their ports together, the lowest of them
// where they do not fit.
std::vector<PortRule> ports_of(const NameOpenings& openings, std::span<const GardenName> names);

}  // namespace portal
