#include "control/network_keeper.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace portal::control {

namespace {

std::string missing_hooks(const std::vector<dataplane::HookState>& hooks) {
    std::string text;
    for (const auto& hook : hooks) {
        if (hook.attached) continue;
        if (!text.empty()) text += "; ";
        text += std::string(to_string(hook.hook)) + ": " +
                (hook.detail.empty() ? "not attached" : hook.detail);
    }
    return text;
}

}  // namespace

NetworkKeeper::NetworkKeeper(Gate& gate, Host& host, const Clock& clock, EventBus& events,
                             Settings settings)
    : gate_(gate), host_(host), clock_(clock), events_(events), settings_(std::move(settings)) {
    for (const std::string& name : settings_.client_interfaces)
        interfaces_[name];
}

Status NetworkKeeper::start() {
    TRY(read_topology());
    TRY(topology_.require(settings_.client_interfaces));
    // All that can be refused comes before the first gate closes.
    for (const std::string& name : settings_.client_interfaces) {
        TRY(prepare(*topology_.link(name)));
        TRY(gate_.check(name));
    }
    TRY(apply_addresses(settings_.resolvers, settings_.https));
    for (const std::string& name : settings_.client_interfaces)
        TRY(close_gate_on(*topology_.link(name)));
    complain_once(complaint_, accept_own_addresses());
    return keep_route();
}

void NetworkKeeper::refresh() {
    complain_once(complaint_, keep_host());
    for (auto& [name, interface] : interfaces_)
        follow(name, interface);
}

Status NetworkKeeper::keep_host() {
    TRY(read_topology());
    TRY(apply_addresses(settings_.resolvers, settings_.https));
    TRY(keep_route());
    return accept_own_addresses();
}

void NetworkKeeper::follow(const std::string& name, Interface& interface) {
    const dataplane::Link* link = topology_.link(name);
    if (link && link->index == interface.index) return;
    if (interface.index != 0) report(EventType::program_detached, name, "the interface is gone");
    interface = {};
    if (link) attach_again(name);
}

void NetworkKeeper::check() {
    for (auto& [name, interface] : interfaces_) {
        if (!topology_.link(name)) continue;
        if (gate_.is_attached(name)) continue;
        if (std::exchange(interface.attached, false))
            report(EventType::program_detached, name, missing_hooks(gate_.hooks(name)));
        attach_again(name);
    }
}

Status NetworkKeeper::set_services(std::vector<IpAddress> resolvers, bool https) {
    TRY(apply_addresses(resolvers, https));
    settings_.resolvers = std::move(resolvers);
    settings_.https = https;
    return {};
}

Status NetworkKeeper::read_topology() {
    TRY_ASSIGN(topology_, Topology::read(host_, settings_.client_interfaces));
    if (watcher_) watcher_(topology_);
    return {};
}

Status NetworkKeeper::apply_addresses(const std::vector<IpAddress>& resolvers, bool https) {
    TRY(tell_links());
    if (auto networks = topology_.client_networks(); networks != networks_) {
        TRY(gate_.set_networks(networks));
        networks_ = std::move(networks);
    }
    auto roles = topology_.roles(resolvers);
    for (dataplane::AddressRoles& role : roles)
        role.https = https && role.portal;
    if (roles != roles_) {
        TRY(gate_.set_addresses(roles));
        roles_ = std::move(roles);
    }
    return {};
}

Status NetworkKeeper::tell_links() {
    auto links = topology_.client_links();
    for (dataplane::ClientLink& link : links)
        if (const auto home = topology_.name_of(link.home))
            link.generic_xdp = std::ranges::any_of(
                gate_.hooks(*home), [](const auto& hook) { return hook.mode == "generic"; });
    if (links == links_) return {};
    TRY(gate_.set_client_links(links));
    links_ = std::move(links);
    return {};
}

Status NetworkKeeper::close_gate_on(const dataplane::Link& link) {
    TRY(gate_.attach(link.name));
    Interface& interface = interfaces_[link.name];
    interface.index = link.index;
    interface.attached = true;
    interface.complaint.clear();
    report(EventType::program_attached, link.name, {});
    // How XDP is attached there is known only now.
    return tell_links();
}

// XDP must see the VLAN tags that the gate decides by.
Status NetworkKeeper::prepare(const dataplane::Link& link) {
    const Result<bool> kept = host_.keep_vlan_tags(link.name);
    if (kept && *kept) return {};
    const std::string what = link.name + ": the driver takes VLAN tags off before XDP sees them" +
                             (kept ? "" : " (" + kept.error().what + ")");
    const bool has_vlans = std::ranges::any_of(
        topology_.links, [&](const auto& other) { return other.lower == link.index; });
    if (has_vlans)
        return fail(ErrorCode::unavailable, what,
                    "use an interface whose driver can leave them on (ethtool -K " + link.name +
                        " rxvlan off), or name the VLAN devices as client interfaces");
    if (!std::exchange(interfaces_[link.name].warned, true))
        spdlog::warn("{}; do not put VLANs on it", what);
    return {};
}

// Without accept_local, steered packets are dropped as martians where src_valid_mark is set.
Status NetworkKeeper::accept_own_addresses() {
    Status done;
    for (const dataplane::Link& link : topology_.links) {
        if (!topology_.client_side.contains(link.index)) continue;
        const auto value = host_.sysctl(link.name, "accept_local");
        if (value && *value == "1") continue;
        const Status set = host_.set_sysctl(link.name, "accept_local", "1");
        if (done) done = set;
    }
    return done;
}

Status NetworkKeeper::keep_route() {
    TRY_ASSIGN(const std::string missing, host_.missing_policy_route(settings_.route));
    if (missing.empty()) return {};
    spdlog::info("adding to the policy route: {}", missing);
    return host_.add_policy_route(settings_.route);
}

void NetworkKeeper::attach_again(const std::string& name) {
    const dataplane::Link& link = *topology_.link(name);
    Interface& interface = interfaces_[name];
    interface.index = link.index;
    // The gate closes whatever else is wrong with the interface.
    Status done = close_gate_on(link);
    if (done) done = prepare(link);
    if (!done) complain_once(interface.complaint, std::unexpected(within(name, done.error())));
}

void NetworkKeeper::report(EventType type, const std::string& interface, std::string detail) {
    Event event{.time = clock_.wall(), .type = type};
    event.interface = interface;
    if (!detail.empty()) event.detail = std::move(detail);
    events_.publish(std::move(event));
}

void NetworkKeeper::complain_once(std::string& last, const Status& status) {
    const std::string complaint = status ? std::string() : status.error().what;
    if (!status && complaint != last) log_error(status.error());
    last = complaint;
}

}  // namespace portal::control
