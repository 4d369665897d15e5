#include "control/doctor.h"

#include <unistd.h>

#include <algorithm>

#include "control/certificate_check.h"

namespace portal::control {

namespace {

using Checks = std::vector<Check>;

Check from_error(std::string name, const Error& error) {
    return ill(std::move(name), error.what,
               error.hint.empty() ? "see the log of portald" : error.hint);
}

void check_programs(const Patient& patient, Checks& checks) {
    for (const std::string& interface : patient.network.settings().client_interfaces) {
        if (!patient.network.topology().link(interface)) {
            checks.push_back(ill("attached:" + interface, "the interface is gone",
                                 "bring it back; portald then attaches to it by itself"));
            continue;
        }
        for (const auto& hook : patient.gate.hooks(interface)) {
            const std::string name =
                "attached:" + interface + ":" + std::string(to_string(hook.hook));
            if (hook.attached)
                checks.push_back(well(name, hook.program + ", " + hook.mode));
            else
                checks.push_back(ill(name, hook.detail.empty() ? "not attached" : hook.detail,
                                     "remove what took its place (bpftool net show dev " +
                                         interface + "); portald attaches again within 5 s"));
        }
    }
}

void check_policy_route(const Patient& patient, Checks& checks) {
    const auto missing = patient.host.missing_policy_route(patient.network.settings().route);
    if (!missing)
        checks.push_back(from_error("policy_route", missing.error()));
    else if (missing->empty())
        checks.push_back(well("policy_route", "steered packets are delivered locally"));
    else
        checks.push_back(ill("policy_route", "missing: " + *missing,
                             "portald adds it again; see what removes it, a network manager or a "
                             "firewall script"));
}

// A setting that must read `wanted`.
Check check_setting(std::string name, const Result<std::string>& value, std::string_view wanted,
                    std::string_view what, std::string cure) {
    if (!value) return from_error(std::move(name), value.error());
    if (*value == wanted) return well(std::move(name), std::string(what) + " is " + *value);
    return ill(std::move(name), std::string(what) + " is " + *value, std::move(cure));
}

void check_settings(const Patient& patient, Checks& checks) {
    checks.push_back(check_setting("forwarding:ipv4", patient.host.sysctl("all", "forwarding"), "1",
                                   "net.ipv4.ip_forward", "sysctl -w net.ipv4.ip_forward=1"));
    checks.push_back(check_setting(
        "forwarding:ipv6", patient.host.ipv6_forwarding(), "1", "net.ipv6.conf.all.forwarding",
        "sysctl -w net.ipv6.conf.all.forwarding=1, if the clients' network has IPv6"));
    const auto& topology = patient.network.topology();
    const auto everywhere = patient.host.sysctl("all", "src_valid_mark");
    for (const auto& link : topology.links) {
        if (!topology.client_side.contains(link.index)) continue;
        const std::string key = "net.ipv4.conf." + link.name + ".";
        const auto accept = patient.host.sysctl(link.name, "accept_local");
        checks.push_back(check_setting("accept_local:" + link.name, accept, "1",
                                       key + "accept_local",
                                       "sysctl -w " + key + "accept_local=1"));
        const auto own = patient.host.sysctl(link.name, "src_valid_mark");
        const bool marked = (own && *own == "1") || (everywhere && *everywhere == "1");
        const bool accepted = accept && *accept == "1";
        const std::string name = "src_valid_mark:" + link.name;
        if (!marked || accepted)
            checks.push_back(well(name, marked ? "set, and accept_local makes up for it" : "off"));
        else
            checks.push_back(ill(name, "set: steered packets are dropped as martians",
                                 "sysctl -w " + key + "accept_local=1"));
    }
}

void check_addresses(const Patient& patient, Checks& checks) {
    const auto& topology = patient.network.topology();
    for (const std::string& interface : patient.network.settings().client_interfaces) {
        const auto* link = topology.link(interface);
        if (!link) continue;
        const auto around = dataplane::stacked_on(topology.links, link->index);
        const bool any = std::ranges::any_of(topology.addresses, [&](const auto& own) {
            return around.contains(own.ifindex) && !own.address.is_link_local();
        });
        if (any)
            checks.push_back(well("address:" + interface, "the portal can be reached"));
        else
            checks.push_back(ill("address:" + interface, "no address on it or on what is above it",
                                 "give it one: ip address add … dev " + interface));
    }
    const auto roles = topology.roles(patient.network.settings().resolvers);
    const auto resolvers = std::ranges::count(roles, true, &dataplane::AddressRoles::resolver);
    if (resolvers > 0)
        checks.push_back(well("resolver", std::to_string(resolvers) + " that strangers may ask"));
    else
        checks.push_back(ill("resolver", "there is no DNS server that strangers may ask",
                             "give the client interface an address, or set strangers.dns_servers"));
}

void check_responder(const Patient& patient, Checks& checks) {
    if (patient.responder.pid)
        checks.push_back(
            well("responder", "running as process " + std::to_string(*patient.responder.pid)));
    else
        checks.push_back(ill("responder", "portal-responder is not running",
                             "see the log of portald for why it ended; portald keeps trying"));
    if (patient.responder_user != "nobody")
        checks.push_back(well("responder_user", patient.responder_user));
    else
        checks.push_back(ill("responder_user", "the responder runs as nobody, as others may",
                             "create a system user for it alone: systemd-sysusers, or useradd "
                             "--system xdp-portal"));
}

void check_store(const Patient& patient, Checks& checks) {
    // SQLite writes beside the file as well.
    if (access(patient.store.c_str(), W_OK) == 0 &&
        access(patient.store.parent_path().c_str(), W_OK) == 0)
        checks.push_back(well("store", patient.store.string() + " can be written"));
    else
        checks.push_back(ill("store", fail_errno(patient.store.string()).error().what,
                             "make the file and its folder writable for portald"));
}

void check_clock(const Patient& patient, Checks& checks) {
    using namespace std::chrono;
    // Long before the first release: a clock that starts at boot reads so.
    constexpr WallTime earliest = sys_days(2024y / January / 1);
    const std::string now = format_rfc3339(patient.clock.wall());
    if (patient.clock.wall() >= earliest)
        checks.push_back(well("clock", now));
    else
        checks.push_back(ill("clock", "the clock reads " + now,
                             "set it, and keep it by NTP; what is shown and stored goes by it"));
}

void check_tls(const Patient& patient, Checks& checks) {
    if (!patient.tls) return;
    const auto certificate = http::Certificate::parse(patient.tls->certificate);
    if (!certificate) return checks.push_back(from_error("certificate", certificate.error()));
    for (Check& check : check_certificate(*certificate, patient.hostname, patient.clock.wall()))
        checks.push_back(std::move(check));
    checks.push_back(check_key_file(patient.key_file));
}

}  // namespace

std::vector<Check> examine(const Patient& patient) {
    Checks checks;
    for (const auto check : {check_programs, check_policy_route, check_settings, check_addresses,
                             check_responder, check_store, check_clock, check_tls})
        check(patient, checks);
    return checks;
}

}  // namespace portal::control
