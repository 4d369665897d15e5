#include "domain/garden.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"

namespace portal {

namespace {

constexpr std::array<std::uint8_t, 4> kZero{};

// How one prefix stands before merging: everything, or single ports.
struct Opening {
    bool everything = false;
    std::set<PortRule> ports;
};

Result<std::vector<PortRule>> ports_of(const Opening& opening, const std::string& place) {
    if (opening.everything) return std::vector<PortRule>();
    if (opening.ports.size() > kGardenPorts)
        return fail(
            ErrorCode::full,
            "the garden opens " + std::to_string(opening.ports.size()) + " ports of " + place,
            "at most " + std::to_string(kGardenPorts) +
                " single ports fit; open all of it instead");
    return std::vector<PortRule>(opening.ports.begin(), opening.ports.end());
}

}  // namespace

std::string GardenRule::place_text() const {
    return std::visit([](const auto& any) { return any.to_string(); }, place);
}

std::string GardenRule::to_string() const {
    std::string text = place_text();
    if (!port) return text;
    if (prefix() && !prefix()->address.is_v4()) text = "[" + text + "]";
    text += ":" + std::to_string(port->port);
    if (port->protocol == Protocol::udp) text += "/udp";
    return text;
}

Result<PortRule> parse_port_rule(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string_view digits = text.substr(0, slash);
    PortRule rule;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), rule.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || rule.port == 0)
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not a port",
                    "write a number from 1 to 65535, with /udp if it is not TCP");
    if (slash != std::string_view::npos) {
        const std::string_view protocol = text.substr(slash + 1);
        if (protocol == "udp")
            rule.protocol = Protocol::udp;
        else if (protocol != "tcp")
            return fail(ErrorCode::invalid,
                        "\"" + printable(protocol) + "\" is not a protocol of the garden",
                        "write tcp or udp");
    }
    return rule;
}

Result<Prefix> parse_garden_prefix(std::string_view text) {
    const Prefix all_of_ipv4{IpAddress::v4(kZero), 96};
    TRY_ASSIGN(const Prefix prefix, parse_prefix(text));
    if (!prefix.address.is_v4() && prefix.contains(all_of_ipv4))
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\" would open IPv4 as well",
                    "write 2000::/3 for every global IPv6 address, 0.0.0.0/0 for IPv4");
    return prefix;
}

Result<std::variant<Prefix, GardenName>> parse_garden_place(std::string_view text) {
    if (is_meant_as_name(text)) return parse_garden_name(text);
    return parse_garden_prefix(text);
}

Result<GardenRule> parse_garden_rule(std::string_view text) {
    std::string_view place = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos)
            return fail(ErrorCode::invalid, "\"" + printable(text) + "\" has no closing bracket",
                        "write IPv6 with a port as [2001:db8::1]:443");
        place = text.substr(1, close - 1);
        const std::string_view rest = text.substr(close + 1);
        if (!rest.empty()) {
            if (!rest.starts_with(':'))
                return fail(ErrorCode::invalid,
                            "\"" + printable(text) + "\" has text after the bracket",
                            "write IPv6 with a port as [2001:db8::1]:443");
            port = rest.substr(1);
        }
    } else if (const std::size_t colon = text.find(':');
               colon != std::string_view::npos && text.find(':', colon + 1) == text.npos) {
        place = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    auto parsed = parse_garden_place(place);
    if (!parsed && is_meant_as_name(place)) return std::unexpected(std::move(parsed).error());
    if (!parsed)
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\": " + parsed.error().what,
                    "write a prefix, an address or a name, such as 203.0.113.0/24, "
                    "203.0.113.7:443 or pay.example.com:443");
    GardenRule rule{*std::move(parsed), std::nullopt};
    if (port.data() != nullptr) {
        TRY_ASSIGN(rule.port, parse_port_rule(port));
    }
    return rule;
}

Result<CompiledGarden> compile_garden(std::span<const GardenRule> rules) {
    std::map<Prefix, Opening> openings;
    std::map<GardenName, Opening> names;
    for (const GardenRule& rule : rules) {
        Opening& opening = rule.prefix() ? openings[*rule.prefix()] : names[*rule.name()];
        if (rule.port)
            opening.ports.insert(*rule.port);
        else
            opening.everything = true;
    }
    CompiledGarden garden;
    for (const auto& [name, opening] : names) {
        TRY_ASSIGN(garden.names[name], ports_of(opening, name.to_string()));
    }
    if (garden.names.size() > kGardenNames)
        return fail(ErrorCode::full,
                    "the garden has " + std::to_string(garden.names.size()) + " names",
                    "at most " + std::to_string(kGardenNames) + " fit");
    // Sorted by address and then length, each prefix comes after those around it; `around` is
    // the chain of them.
    std::vector<std::pair<Prefix, Opening>> around;
    for (auto& [prefix, opening] : openings) {
        while (!around.empty() && !around.back().first.contains(prefix))
            around.pop_back();
        if (!around.empty()) {
            opening.everything |= around.back().second.everything;
            opening.ports.insert(around.back().second.ports.begin(),
                                 around.back().second.ports.end());
        }
        TRY_ASSIGN(std::vector<PortRule> ports, ports_of(opening, prefix.to_string()));
        garden.entries.push_back({prefix, std::move(ports)});
        around.emplace_back(prefix, opening);
    }
    if (garden.entries.size() > kGardenEntries)
        return fail(ErrorCode::full,
                    "the garden has " + std::to_string(garden.entries.size()) + " prefixes",
                    "at most " + std::to_string(kGardenEntries) + " fit");
    return garden;
}

std::vector<PortRule> ports_of(const NameOpenings& openings, std::span<const GardenName> names) {
    std::set<PortRule> ports;
    for (const GardenName& name : names) {
        const auto opening = openings.find(name);
        if (opening == openings.end()) continue;
        if (opening->second.empty()) return {};
        ports.insert(opening->second.begin(), opening->second.end());
    }
    std::vector<PortRule> fitting(ports.begin(), ports.end());
    if (fitting.size() > kGardenPorts) fitting.resize(kGardenPorts);
    return fitting;
}

}  // namespace portal
