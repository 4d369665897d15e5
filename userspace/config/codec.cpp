#include "config/codec.h"

#include <linux/rtnetlink.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"
#include "config/rate.h"
#include "config/syntax.h"
#include "domain/session.h"

namespace portal::config {

namespace {

constexpr std::size_t kLongestVenueName = 128;  // bytes
constexpr std::size_t kMostInterfaces = 64;     // PORTAL_INTERFACES of the dataplane
constexpr std::size_t kMostResolvers = 64;
constexpr std::size_t kMostPolicyNames = 64;
constexpr std::size_t kMostVlanRanges = 64;

std::unexpected<Fault> expected(std::string_view what, const Node& node, std::string got) {
    return std::unexpected(
        Fault{node.line, "expected " + std::string(what) + ", got " + std::move(got)});
}

std::unexpected<Fault> expected(std::string_view what, const Node& node) {
    return expected(what, node, node.shown());
}

// A parser's error starts with the text it was given: `"9h9" is not a duration`.
std::unexpected<Fault> expected(std::string_view what, const Node& node, const Error& error) {
    const std::string shown = node.shown();
    if (std::string_view why = error.what; why.starts_with(shown)) {
        why.remove_prefix(shown.size());
        return expected(what, node,
                        shown + (why.starts_with(' ') ? ", which" : "") + std::string(why));
    }
    return expected(what, node, shown + ": " + error.what);
}

template <typename Valid>
Decoded<std::string> decode_text(const Node& node, std::string_view what, Valid valid) {
    if (node.type != Node::Type::string || !valid(node.text)) return expected(what, node);
    return node.text;
}

template <typename Enum>
Decoded<Enum> decode_choice(const Node& node, std::span<const Enum> choices,
                            std::string_view what) {
    if (node.type == Node::Type::string)
        for (const Enum choice : choices)
            if (node.text == to_string(choice)) return choice;
    return expected(what, node);
}

// A list of at most `most` different things, each read by `decode`.
template <typename Decode>
auto decode_list(const Node& node, std::string_view what, std::size_t most, Decode decode)
    -> Decoded<std::vector<typename decltype(decode(node))::value_type>> {
    std::vector<typename decltype(decode(node))::value_type> list;
    if (node.type != Node::Type::array) return expected(what, node);
    if (node.children.size() > most)
        return expected("at most " + std::to_string(most) + " entries", node,
                        std::to_string(node.children.size()));
    for (const Node& child : node.children) {
        auto item = decode(child);
        if (!item) return std::unexpected(std::move(item).error());
        if (std::ranges::find(list, *item) != list.end())
            return expected("each entry once", child, child.shown() + " again");
        list.push_back(*std::move(item));
    }
    return list;
}

template <typename T, typename Show>
std::vector<std::string> encode_list(const std::vector<T>& list, Show show) {
    std::vector<std::string> texts;
    for (const T& item : list)
        texts.emplace_back(show(item));
    return texts;
}

}  // namespace

Decoded<bool> BooleanCodec::decode(const Node& node) {
    if (node.type != Node::Type::boolean) return expected("true or false", node);
    return node.boolean;
}

Decoded<std::int64_t> decode_integer(const Node& node, std::int64_t least, std::int64_t most) {
    const std::string what =
        "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    if (node.type != Node::Type::integer) return expected(what, node);
    if (node.integer < least || node.integer > most)
        return expected(what, node, std::to_string(node.integer));
    return node.integer;
}

Decoded<std::uint32_t> RouteTableCodec::decode(const Node& node) {
    const auto number = MarkCodec::decode(node);
    if (number && *number >= RT_TABLE_DEFAULT && *number <= RT_TABLE_LOCAL)
        return expected("a routing table of its own", node,
                        std::to_string(*number) + ", which is the kernel's");
    return number;
}

Decoded<std::vector<std::string>> InterfacesCodec::decode(const Node& node) {
    return decode_list(node, "a list of interface names such as [\"eth1\"]", kMostInterfaces,
                       [](const Node& child) {
                           return decode_text(child, "the name of an interface such as \"eth1\"",
                                              is_interface_name);
                       });
}

Decoded<std::vector<std::string>> ClientInterfacesCodec::decode(const Node& node) {
    auto names = InterfacesCodec::decode(node);
    if (names && names->empty())
        return expected("the interfaces that clients are on, such as [\"eth1\"]", node,
                        "an empty list");
    return names;
}

Decoded<XdpMode> XdpModeCodec::decode(const Node& node) {
    constexpr std::array modes = {XdpMode::automatic, XdpMode::native, XdpMode::generic};
    return decode_choice<XdpMode>(node, modes, "\"auto\", \"native\" or \"generic\"");
}

Decoded<std::string> VenueNameCodec::decode(const Node& node) {
    return decode_text(node, "a name of 1 to 128 bytes without control characters",
                       [](std::string_view text) {
                           return !trimmed(text).empty() && text.size() <= kLongestVenueName &&
                                  is_plain_text(text);
                       });
}

Decoded<std::string> HostNameCodec::decode(const Node& node) {
    return decode_text(node, "a host name such as \"portal.example.net\"",
                       [](std::string_view text) { return text.empty() || is_host_name(text); });
}

Decoded<std::string> LoginUrlCodec::decode(const Node& node) {
    return decode_text(node, "an http or https URL such as \"https://portal.example.net/\"",
                       [](std::string_view text) { return text.empty() || is_web_url(text); });
}

Decoded<std::string> SecureUrlCodec::decode(const Node& node) {
    return decode_text(
        node, "an https URL such as \"https://www.example.net/\"", [](std::string_view text) {
            return text.empty() || (is_web_url(text) && text.starts_with("https://"));
        });
}

Decoded<std::filesystem::path> PemFileCodec::decode(const Node& node) {
    auto path = decode_text(
        node, "the absolute path of a PEM file such as \"/etc/xdp-portal/portal.pem\", or \"\"",
        [](std::string_view text) { return text.empty() || is_file_path(text); });
    if (!path) return std::unexpected(std::move(path).error());
    return *path;
}

Decoded<std::filesystem::path> VenueFileCodec::decode(const Node& node) {
    auto path =
        decode_text(node, "the absolute path of a file, or \"\" for none",
                    [](std::string_view text) { return text.empty() || is_file_path(text); });
    if (!path) return std::unexpected(std::move(path).error());
    return *path;
}

Decoded<Color> AccentColorCodec::decode(const Node& node) {
    constexpr std::string_view what = "a colour such as \"#0b6e75\"";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto color = parse_color(node.text);
    if (!color) return expected(what, node);
    if (const double ratio = contrast(*color, kWhite); ratio < kReadableContrast)
        return expected("a darker colour, on which white text has a contrast of 4.5", node,
                        node.shown() + " with " + std::to_string(ratio).substr(0, 4));
    return *color;
}

Decoded<std::string> SystemUserCodec::decode(const Node& node) {
    return decode_text(node, "the name of a system user such as \"xdp-portal\"", is_system_user);
}

Decoded<std::vector<SignInMethod>> MethodsCodec::decode(const Node& node) {
    constexpr std::string_view what =
        "a list of \"click-through\", \"password\", \"voucher\" and \"remote\"";
    auto methods = decode_list(node, what, 4, [](const Node& child) {
        return decode_choice<SignInMethod>(
            child, kSignInMethods, "\"click-through\", \"password\", \"voucher\" or \"remote\"");
    });
    if (methods && methods->empty()) return expected(what, node, "an empty one");
    return methods;
}

Value MethodsCodec::encode(const std::vector<SignInMethod>& value) {
    return encode_list(value, [](SignInMethod method) { return to_string(method); });
}

Decoded<std::string> RemoteUrlCodec::decode(const Node& node) {
    return decode_text(node,
                       "an https URL without a fragment such as \"https://venue.example.net/wifi\" "
                       "(http only with an IP address)",
                       [](std::string_view text) { return text.empty() || is_remote_url(text); });
}

Decoded<std::filesystem::path> SecretFileCodec::decode(const Node& node) {
    return decode_text(node, "the absolute path of a file",
                       [](std::string_view text) { return text.empty() || is_file_path(text); });
}

Decoded<Seconds> TimeoutCodec::decode(const Node& node) {
    constexpr std::string_view what = "a duration such as \"8h\"";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto timeout = parse_session_timeout(node.text);
    if (!timeout) return expected(what, node, timeout.error());
    return *timeout;
}

Decoded<Seconds> IdleTimeoutCodec::decode(const Node& node) {
    constexpr std::string_view what = "a duration such as \"30m\", or \"0\" for none";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto timeout = parse_duration(node.text);
    if (!timeout) return expected(what, node, timeout.error());
    return *timeout;
}

Decoded<Seconds> RetentionCodec::decode(const Node& node) {
    constexpr std::string_view what = "a duration such as \"90d\"";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto retention = parse_duration(node.text);
    if (!retention) return expected(what, node, retention.error());
    if (*retention == Seconds::zero())
        return expected(what, node, node.shown() + ", which keeps nothing");
    return *retention;
}

Decoded<BlockedTraffic> BlockedTrafficCodec::decode(const Node& node) {
    constexpr std::array choices = {BlockedTraffic::drop, BlockedTraffic::reset};
    return decode_choice<BlockedTraffic>(node, choices, "\"drop\" or \"reset\"");
}

Decoded<std::vector<IpAddress>> AddressesCodec::decode(const Node& node) {
    return decode_list(node, "a list of IP addresses such as [\"192.0.2.53\"]", kMostResolvers,
                       [](const Node& child) -> Decoded<IpAddress> {
                           constexpr std::string_view what = "an IP address such as \"192.0.2.53\"";
                           if (child.type != Node::Type::string) return expected(what, child);
                           const auto address = parse_ip_address(child.text);
                           if (!address) return expected(what, child, address.error());
                           if (address->is_unspecified() || address->is_multicast())
                               return expected(what, child, child.shown() + ", which is no host's");
                           return *address;
                       });
}

Value AddressesCodec::encode(const std::vector<IpAddress>& value) {
    return encode_list(value, [](const IpAddress& address) { return address.to_string(); });
}

Decoded<std::vector<GardenRule>> GardenCodec::decode(const Node& node) {
    auto rules =
        decode_list(node, "a list of prefixes and names such as [\"203.0.113.0/24\"]",
                    kGardenEntries, [](const Node& child) -> Decoded<GardenRule> {
                        constexpr std::string_view what =
                            "a prefix, an address or a name, with or without a port, such as "
                            "\"203.0.113.0/24\" or \"pay.example.com:443\"";
                        if (child.type != Node::Type::string) return expected(what, child);
                        const auto rule = parse_garden_rule(child.text);
                        if (rule) return *rule;
                        return expected(what, child, rule.error());
                    });
    if (!rules) return rules;
    if (const auto compiled = compile_garden(*rules); !compiled)
        return expected("a garden that fits", node, compiled.error());
    return rules;
}

Value GardenCodec::encode(const std::vector<GardenRule>& value) {
    return encode_list(value, [](const GardenRule& rule) { return rule.to_string(); });
}

Decoded<Seconds> LeastTtlCodec::decode(const Node& node) {
    constexpr std::string_view what = "a duration from \"1s\" to \"1d\" such as \"5m\"";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto ttl = parse_duration(node.text);
    if (!ttl) return expected(what, node, ttl.error());
    if (*ttl == Seconds::zero() || *ttl > std::chrono::hours(24)) return expected(what, node);
    return *ttl;
}

Decoded<std::uint64_t> RateCodec::decode(const Node& node) {
    constexpr std::string_view what = "\"0\" or a rate such as \"20Mbit\"";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto rate = parse_rate(node.text);
    if (!rate) return expected(what, node, rate.error());
    return *rate;
}

Value RateCodec::encode(std::uint64_t value) {
    return format_rate(value);
}

Decoded<std::uint64_t> QuotaCodec::decode(const Node& node) {
    constexpr std::string_view what = "\"0\" or an amount of data such as \"5GB\"";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto quota = parse_byte_size(node.text);
    if (!quota) return expected(what, node, quota.error());
    return *quota;
}

Value QuotaCodec::encode(std::uint64_t value) {
    return format_byte_size(value);
}

Decoded<Budget> BudgetCodec::decode(const Node& node) {
    constexpr std::string_view what = "\"0\" or a budget such as \"10/s burst 100\"";
    if (node.type != Node::Type::string) return expected(what, node);
    const auto budget = parse_budget(node.text);
    if (!budget) return expected(what, node, budget.error());
    return *budget;
}

Value BudgetCodec::encode(const Budget& value) {
    return format_budget(value);
}

Decoded<std::vector<std::string>> PolicyNamesCodec::decode(const Node& node) {
    return decode_list(node, "a list of policies such as [\"night\", \"free\"]", kMostPolicyNames,
                       [](const Node& child) {
                           return decode_text(child, "the name of a policy such as \"night\"",
                                              is_policy_name);
                       });
}

Decoded<std::optional<Seconds>> PolicyTimeoutCodec::decode(const Node& node) {
    if (node.type == Node::Type::string && node.text.empty()) return std::nullopt;
    return TimeoutCodec::decode(node);
}

Value PolicyTimeoutCodec::encode(const std::optional<Seconds>& value) {
    return value ? TimeoutCodec::encode(*value) : Value(std::string());
}

Decoded<std::optional<Seconds>> PolicyIdleTimeoutCodec::decode(const Node& node) {
    if (node.type == Node::Type::string && node.text.empty()) return std::nullopt;
    return IdleTimeoutCodec::decode(node);
}

Value PolicyIdleTimeoutCodec::encode(const std::optional<Seconds>& value) {
    return value ? IdleTimeoutCodec::encode(*value) : Value(std::string());
}

Decoded<std::vector<VlanRange>> VlansCodec::decode(const Node& node) {
    return decode_list(node, "a list of VLANs such as [100, \"200-299\"]", kMostVlanRanges,
                       [](const Node& child) -> Decoded<VlanRange> {
                           constexpr std::string_view what =
                               "a VLAN from 0 to 4094, or a range such as \"200-299\"";
                           if (child.type == Node::Type::integer) {
                               if (child.integer < 0 || child.integer > kHighestVlan)
                                   return expected(what, child, std::to_string(child.integer));
                               const auto vlan = static_cast<std::uint16_t>(child.integer);
                               return VlanRange{vlan, vlan};
                           }
                           if (child.type != Node::Type::string) return expected(what, child);
                           const auto range = parse_vlan_range(child.text);
                           if (!range) return expected(what, child, range.error());
                           return *range;
                       });
}

Value VlansCodec::encode(const std::vector<VlanRange>& value) {
    return encode_list(value, [](const VlanRange& range) { return range.to_string(); });
}

Decoded<std::optional<Hours>> HoursCodec::decode(const Node& node) {
    constexpr std::string_view what = "a time of day such as \"22:00-06:00\", or \"\" for all day";
    if (node.type != Node::Type::string) return expected(what, node);
    if (node.text.empty()) return std::nullopt;
    const auto hours = parse_hours(node.text);
    if (!hours) return expected(what, node, hours.error());
    return *hours;
}

Value HoursCodec::encode(const std::optional<Hours>& value) {
    return value ? value->to_string() : std::string();
}

Decoded<std::string> StoreUrlCodec::decode(const Node& node) {
    return decode_text(node, "a store such as \"sqlite:/var/lib/xdp-portal/portal.db\"",
                       [](std::string_view text) {
                           constexpr std::string_view scheme = "sqlite:";
                           return text.starts_with(scheme) &&
                                  is_file_path(text.substr(scheme.size()));
                       });
}

Decoded<std::filesystem::path> SocketPathCodec::decode(const Node& node) {
    // With its terminating NUL it must fit sockaddr_un.
    static_assert(sizeof(sockaddr_un::sun_path) == 108);
    constexpr std::string_view what =
        "an absolute path of at most 107 bytes such as \"/run/xdp-portal/portald.sock\"";
    const auto fits = [](std::string_view text) {
        return is_file_path(text) && text.size() < sizeof(sockaddr_un::sun_path);
    };
    auto path = decode_text(node, what, fits);
    if (!path) return std::unexpected(std::move(path).error());
    return *path;
}

Decoded<std::string> AddressAndPortCodec::decode(const Node& node) {
    return decode_text(
        node, "an IP address and a port such as \"198.51.100.1:8443\", or \"\" for none",
        [](std::string_view text) { return text.empty() || is_address_and_port(text); });
}

Decoded<std::string> HostAndPortCodec::decode(const Node& node) {
    return decode_text(
        node, "an address and port such as \"127.0.0.1:9511\", or \"\" for none",
        [](std::string_view text) { return text.empty() || is_host_and_port(text); });
}

}  // namespace portal::config
