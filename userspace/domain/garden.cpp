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

}  // namespace

std::string GardenRule::to_string() const {
    if (!port) return prefix.to_string();
    std::string text = prefix.to_string();
    if (!prefix.address.is_v4()) text = "[" + text + "]";
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

Result<GardenRule> parse_garden_rule(std::string_view text) {
    std::string_view prefix = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos)
            return fail(ErrorCode::invalid, "\"" + printable(text) + "\" has no closing bracket",
                        "write IPv6 with a port as [2001:db8::1]:443");
        prefix = text.substr(1, close - 1);
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
        prefix = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    const auto parsed = parse_garden_prefix(prefix);
    if (!parsed)
        return fail(ErrorCode::invalid, "\"" + printable(text) + "\": " + parsed.error().what,
                    "write a prefix or an address, such as 203.0.113.0/24 or 203.0.113.7:443");
    GardenRule rule{*parsed, std::nullopt};
    if (port.data() != nullptr) {
        TRY_ASSIGN(rule.port, parse_port_rule(port));
    }
    return rule;
}

Result<std::vector<GardenEntry>> compile_garden(std::span<const GardenRule> rules) {
    std::map<Prefix, Opening> openings;
    for (const GardenRule& rule : rules) {
        Opening& opening = openings[rule.prefix];
        if (rule.port)
            opening.ports.insert(*rule.port);
        else
            opening.everything = true;
    }
    // Sorted by address and then length, each prefix comes after those around it; `around` is
    // the chain of them.
    std::vector<GardenEntry> entries;
    std::vector<std::pair<Prefix, Opening>> around;
    for (auto& [prefix, opening] : openings) {
        while (!around.empty() && !around.back().first.contains(prefix))
            around.pop_back();
        if (!around.empty()) {
            opening.everything |= around.back().second.everything;
            opening.ports.insert(around.back().second.ports.begin(),
                                 around.back().second.ports.end());
        }
        GardenEntry entry{prefix, {}};
        if (!opening.everything) {
            if (opening.ports.size() > kGardenPorts)
                return fail(ErrorCode::full,
                            "the garden opens " + std::to_string(opening.ports.size()) +
                                " ports of " + prefix.to_string(),
                            "at most " + std::to_string(kGardenPorts) +
                                " single ports fit; open the whole prefix instead");
            entry.ports.assign(opening.ports.begin(), opening.ports.end());
        }
        entries.push_back(std::move(entry));
        around.emplace_back(prefix, opening);
    }
    if (entries.size() > kGardenEntries)
        return fail(ErrorCode::full,
                    "the garden has " + std::to_string(entries.size()) + " prefixes",
                    "at most " + std::to_string(kGardenEntries) + " fit");
    return entries;
}

}  // namespace portal
