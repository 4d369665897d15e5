#include "config/keys.h"

#include <array>

#include "config/codec.h"

namespace portal::config {

namespace {

// The member of `owner` that `Path`, pointers to members, leads to.
template <auto... Path>
auto& at(auto& owner) {
    return (owner.*....*Path);
}

template <typename Owner, typename Codec, auto... Path>
consteval Key<Owner> make_key(std::string_view section, std::string_view name, Reload reload) {
    return {section,
            name,
            reload,
            [](const Node& node, Owner& owner) -> std::optional<Fault> {
                auto value = Codec::decode(node);
                if (!value) return std::move(value).error();
                at<Path...>(owner) = *std::move(value);
                return std::nullopt;
            },
            [](const Owner& owner) -> Value { return Codec::encode(at<Path...>(owner)); },
            [](const Owner& from, Owner& to) { at<Path...>(to) = at<Path...>(from); }};
}

template <auto Section, auto Member, typename Codec>
consteval Key<Config> key(std::string_view section, std::string_view name,
                          Reload reload = Reload::restart) {
    return make_key<Config, Codec, Section, Member>(section, name, reload);
}

template <auto Method>
consteval Key<Config> method_policies(std::string_view method) {
    return make_key<Config, PolicyNamesCodec, &Config::sign_in, &SignIn::policies, Method>(
        "sign_in.policies", method, Reload::live);
}

template <typename Codec, auto... Path>
consteval Key<Policy> policy_key(std::string_view name) {
    return make_key<Policy, Codec, Path...>(kPolicies, name, Reload::live);
}

template <auto... Path>
consteval Key<Config> budget_key(std::string_view name) {
    return make_key<Config, BudgetCodec, &Config::budgets, Path...>("budgets", name, Reload::live);
}

using Attempts = IntegerCodec<std::uint32_t, 1, 100'000>;
using Devices = IntegerCodec<std::uint32_t, 0, 100'000>;
using MaxClients = IntegerCodec<std::uint32_t, 1, 4'194'304>;
using C = Config;

constexpr std::array kConfigKeys = {
    key<&C::gateway, &Gateway::client_interfaces, ClientInterfacesCodec>("gateway",
                                                                         "client_interfaces"),
    key<&C::gateway, &Gateway::uplink_interfaces, InterfacesCodec>("gateway", "uplink_interfaces"),
    key<&C::gateway, &Gateway::xdp_mode, XdpModeCodec>("gateway", "xdp_mode"),
    key<&C::gateway, &Gateway::fast_path, BooleanCodec>("gateway", "fast_path"),
    key<&C::gateway, &Gateway::client_to_client, BooleanCodec>("gateway", "client_to_client"),
    key<&C::gateway, &Gateway::mark, MarkCodec>("gateway", "mark"),
    key<&C::gateway, &Gateway::mark_mask, MarkCodec>("gateway", "mark_mask"),
    key<&C::gateway, &Gateway::route_table, RouteTableCodec>("gateway", "route_table"),

    key<&C::portal, &Portal::name, VenueNameCodec>("portal", "name", Reload::live),
    key<&C::portal, &Portal::hostname, HostNameCodec>("portal", "hostname", Reload::live),
    key<&C::portal, &Portal::login_url, LoginUrlCodec>("portal", "login_url", Reload::live),
    key<&C::portal, &Portal::http_port, PortCodec>("portal", "http_port"),
    key<&C::portal, &Portal::https_port, PortCodec>("portal", "https_port"),
    key<&C::portal, &Portal::certificate, PemFileCodec>("portal", "certificate", Reload::live),
    key<&C::portal, &Portal::key, PemFileCodec>("portal", "key", Reload::live),
    key<&C::portal, &Portal::venue_info_url, SecureUrlCodec>("portal", "venue_info_url",
                                                             Reload::live),
    key<&C::portal, &Portal::probe_compatibility, BooleanCodec>("portal", "probe_compatibility",
                                                                Reload::live),
    key<&C::portal, &Portal::user, SystemUserCodec>("portal", "user"),
    key<&C::portal, &Portal::logo, VenueFileCodec>("portal", "logo", Reload::live),
    key<&C::portal, &Portal::accent_color, AccentColorCodec>("portal", "accent_color",
                                                             Reload::live),
    key<&C::portal, &Portal::terms, VenueFileCodec>("portal", "terms", Reload::live),

    key<&C::sign_in, &SignIn::methods, MethodsCodec>("sign_in", "methods", Reload::live),
    key<&C::sign_in, &SignIn::attempts_per_hour, Attempts>("sign_in", "attempts_per_hour",
                                                           Reload::live),
    key<&C::sign_in, &SignIn::account_attempts_per_hour, Attempts>(
        "sign_in", "account_attempts_per_hour", Reload::live),
    method_policies<&MethodPolicies::click_through>("click-through"),
    method_policies<&MethodPolicies::password>("password"),
    method_policies<&MethodPolicies::voucher>("voucher"),
    method_policies<&MethodPolicies::remote>("remote"),

    key<&C::remote, &Remote::url, RemoteUrlCodec>("remote", "url", Reload::live),
    key<&C::remote, &Remote::secret_file, SecretFileCodec>("remote", "secret_file", Reload::live),
    key<&C::remote, &Remote::listen, AddressAndPortCodec>("remote", "listen"),

    key<&C::session, &SessionTimes::timeout, TimeoutCodec>("session", "timeout", Reload::live),
    key<&C::session, &SessionTimes::idle_timeout, IdleTimeoutCodec>("session", "idle_timeout",
                                                                    Reload::live),
    key<&C::session, &SessionTimes::bind_addresses, BooleanCodec>("session", "bind_addresses",
                                                                  Reload::live),

    key<&C::strangers, &Strangers::blocked_traffic, BlockedTrafficCodec>("strangers",
                                                                         "blocked_traffic"),
    key<&C::strangers, &Strangers::dns_servers, AddressesCodec>("strangers", "dns_servers",
                                                                Reload::live),
    key<&C::strangers, &Strangers::allow, GardenCodec>("strangers", "allow", Reload::live),
    key<&C::strangers, &Strangers::allow_private_names, BooleanCodec>(
        "strangers", "allow_private_names", Reload::live),
    key<&C::strangers, &Strangers::least_ttl, LeastTtlCodec>("strangers", "least_ttl",
                                                             Reload::live),

    budget_key<&StrangerBudgets::client, &Budgets::dns>("dns"),
    budget_key<&StrangerBudgets::client, &Budgets::dns_bytes>("dns_bytes"),
    budget_key<&StrangerBudgets::client, &Budgets::connections>("connections"),
    budget_key<&StrangerBudgets::client, &Budgets::segments>("segments"),
    budget_key<&StrangerBudgets::client, &Budgets::link>("link"),
    budget_key<&StrangerBudgets::client, &Budgets::icmp>("icmp"),
    budget_key<&StrangerBudgets::client, &Budgets::dhcp>("dhcp"),
    budget_key<&StrangerBudgets::all, &Budgets::dns>("all_dns"),
    budget_key<&StrangerBudgets::all, &Budgets::dns_bytes>("all_dns_bytes"),
    budget_key<&StrangerBudgets::all, &Budgets::connections>("all_connections"),
    budget_key<&StrangerBudgets::all, &Budgets::segments>("all_segments"),
    budget_key<&StrangerBudgets::all, &Budgets::link>("all_link"),
    budget_key<&StrangerBudgets::all, &Budgets::icmp>("all_icmp"),
    budget_key<&StrangerBudgets::all, &Budgets::dhcp>("all_dhcp"),
    budget_key<&StrangerBudgets::newcomers>("newcomers"),

    key<&C::audit, &Audit::retention, RetentionCodec>("audit", "retention", Reload::live),

    key<&C::store, &Store::url, StoreUrlCodec>("store", "url"),

    key<&C::control, &Control::socket, SocketPathCodec>("control", "socket"),
    key<&C::control, &Control::metrics, HostAndPortCodec>("control", "metrics"),

    key<&C::limits, &Limits::max_clients, MaxClients>("limits", "max_clients"),
};

constexpr std::array kPolicyKeys = {
    policy_key<RateCodec, &Policy::limits, &portal::Limits::down>("down"),
    policy_key<RateCodec, &Policy::limits, &portal::Limits::up>("up"),
    policy_key<QuotaCodec, &Policy::limits, &portal::Limits::quota>("quota"),
    policy_key<PolicyTimeoutCodec, &Policy::timeout>("timeout"),
    policy_key<PolicyIdleTimeoutCodec, &Policy::idle_timeout>("idle_timeout"),
    policy_key<Devices, &Policy::devices>("devices"),
    policy_key<VlansCodec, &Policy::vlans>("vlans"),
    policy_key<HoursCodec, &Policy::hours>("hours"),
};

}  // namespace

std::span<const Key<Config>> config_keys() {
    return kConfigKeys;
}
std::span<const Key<Policy>> policy_keys() {
    return kPolicyKeys;
}

}  // namespace portal::config
