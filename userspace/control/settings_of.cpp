#include "control/settings_of.h"

#include <utility>

namespace portal::control {

namespace {

PortalOrigin portal_origin_of(const config::Config& config) {
    const bool tls = !config.portal.certificate.empty();
    return {.tls = tls,
            .hostname = config.portal.hostname,
            .port = tls ? config.portal.https_port : config.portal.http_port};
}

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
                                .policies = config.policies,
                                .by_method = {}};
    for (const config::SignInMethod method : config::kSignInMethods)
        rules.by_method.emplace(to_string(method), config.sign_in.policies.of(method));
    return rules;
}

NetworkKeeper::Settings network_settings_of(const config::Config& config,
                                            const PortalFiles& files) {
    return {.client_interfaces = config.gateway.client_interfaces,
            .resolvers = config.strangers.dns_servers,
            .route = policy_route_of(config),
            .https = files.tls.has_value()};
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
    options.reset = config.strangers.blocked_traffic == config::BlockedTraffic::reset;
    options.client_to_client = config.gateway.client_to_client;
    options.xdp_mode = xdp_mode_of(config.gateway.xdp_mode);
    return options;
}

ipc::Configuration responder_configuration_of(const config::Config& config,
                                              const PortalFiles& files, const VenueFiles& venue) {
    return {.portal_name = config.portal.name,
            .hostname = config.portal.hostname,
            .login_url = config.portal.login_url,
            .http_port = config.portal.http_port,
            .https_port = config.portal.https_port,
            .tls = files.tls,
            .venue_info_url = config.portal.venue_info_url,
            .click_through = config.sign_in.allows(config::SignInMethod::click_through),
            .password = config.sign_in.allows(config::SignInMethod::password),
            .voucher = config.sign_in.allows(config::SignInMethod::voucher),
            .remote = config.sign_in.allows(config::SignInMethod::remote),
            // A reload can take the certificate away, and not the listener.
            .remote_listener = files.tls && !config.remote.listen.empty(),
            .probe_compatibility = config.portal.probe_compatibility,
            .seal_key = {},
            .logo = venue.logo,
            .accent_color = config.portal.accent_color,
            .terms = venue.terms};
}

std::optional<RemoteSignIn::Settings> remote_settings_of(const config::Config& config,
                                                         std::string secret) {
    if (!config.sign_in.allows(config::SignInMethod::remote)) return std::nullopt;
    return RemoteSignIn::Settings{
        .application = {.url = config.remote.url, .secret = std::move(secret)},
        .portal = portal_origin_of(config),
        .longest_session = config.session.timeout};
}

ResponderService::Rules sign_in_rules_of(const config::Config& config) {
    ResponderService::Rules rules{
        .methods = {},
        .attempts_per_hour = config.sign_in.attempts_per_hour,
        .account_attempts_per_hour = config.sign_in.account_attempts_per_hour};
    for (const config::SignInMethod method : config.sign_in.methods)
        rules.methods.emplace_back(to_string(method));
    return rules;
}

std::optional<std::string> login_url_of(const config::Config& config) {
    if (!config.portal.login_url.empty()) return config.portal.login_url;
    const std::optional<std::string> url = portal_origin_of(config).to_url();
    if (!url) return std::nullopt;
    return *url + "/";
}

}  // namespace portal::control
