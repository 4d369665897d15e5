#include "control/settings_of.h"

#include <utility>

namespace portal::control {

namespace {

dataplane::XdpMode xdp_mode_of(config::XdpMode mode) {
    switch (mode) {
        case config::XdpMode::automatic:
            return dataplane::XdpMode::automatic;
        case config::XdpMode::native:
            return dataplane::XdpMode::native;
        case config::XdpMode::generic:
            return dataplane::XdpMode::generic;
    }
    std::unreachable();
}

}  // namespace

SessionManager::Rules session_rules_of(const config::Config& config) {
    SessionManager::Rules rules{.timeout = config.session.timeout,
                                .idle_timeout = config.session.idle_timeout,
                                .policies = {}};
    for (const auto& [name, policy] : config.policies)
        rules.policies.insert(name);
    return rules;
}

NetworkKeeper::Settings network_settings_of(const config::Config& config) {
    return {.client_interfaces = config.gateway.client_interfaces,
            .resolvers = config.strangers.dns_servers,
            .route = policy_route_of(config)};
}

dataplane::PolicyRoute policy_route_of(const config::Config& config) {
    return {.mark = config.gateway.mark,
            .mask = config.gateway.mark_mask,
            .table = config.gateway.route_table};
}

dataplane::Options dataplane_options_of(const config::Config& config) {
    dataplane::Options options;
    options.max_clients = config.limits.max_clients;
    options.mark = config.gateway.mark;
    options.mark_mask = config.gateway.mark_mask;
    options.http_port = config.portal.http_port;
    options.https_port = config.portal.https_port;
    options.xdp_mode = xdp_mode_of(config.gateway.xdp_mode);
    return options;
}

ipc::Configuration responder_configuration_of(const config::Config& config,
                                              const VenueFiles& files) {
    return {.portal_name = config.portal.name,
            .hostname = config.portal.hostname,
            .login_url = config.portal.login_url,
            .http_port = config.portal.http_port,
            .click_through = config.sign_in.allows(config::SignInMethod::click_through),
            .password = config.sign_in.allows(config::SignInMethod::password),
            .probe_compatibility = config.portal.probe_compatibility,
            .seal_key = {},
            .voucher = config.sign_in.allows(config::SignInMethod::voucher),
            .remote = config.sign_in.allows(config::SignInMethod::remote),
            .logo = files.logo,
            .accent_color = config.portal.accent_color,
            .terms = files.terms};
}

std::vector<std::string> sign_in_methods_of(const config::Config& config) {
    std::vector<std::string> methods;
    for (const config::SignInMethod method : config.sign_in.methods)
        methods.emplace_back(to_string(method));
    return methods;
}

}  // namespace portal::control
