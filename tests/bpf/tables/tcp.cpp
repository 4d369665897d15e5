#include "bpf/tables/ingress.h"

namespace portal::gate {

using namespace packets;

namespace {

struct Flags {
    const char* name;
    std::uint8_t bits;
    bool plausible;
};

constexpr Flags kFlags[] = {
    {"SYN", kSyn, true},
    {"SYN with ECN", kSyn | kEce | kCwr, true},
    {"SYN with data", kSyn | kPsh, true},
    {"ACK", kAck, true},
    {"ACK PSH", kAck | kPsh, true},
    {"ACK FIN", kAck | kFin, true},
    {"RST", kRst, true},
    {"RST ACK", kRst | kAck, true},
    {"SYN ACK", kSyn | kAck, false},
    {"none", 0, false},
    {"FIN", kFin, false},
    {"PSH URG", kPsh | kUrg, false},
    {"SYN FIN", kSyn | kFin, false},
    {"SYN RST", kSyn | kRst, false},
    {"all", 0xff, false},
};

void destination_rows(IngressRows& rows) {
    const Ethernet eth{};
    for (const char* text : {"127.0.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1",
                             "255.255.255.255", "::", "::1", "ff02::1", "ff0e::1", "fe80::99"}) {
        const IpAddress dst = ip(text);
        const Family& family = kFamilies[dst.is_v4() ? 0 : 1];
        rows.push_back({std::string("port 80 of ") + text, eth / family.to(dst) / TCP{.dport = 80},
                        REASON_DESTINATION});
    }
    const Ethernet to_group{.dst = kBroadcastMac};
    rows.push_back(
        {"port 80 to the broadcast MAC", to_group / IPv4{} / TCP{.dport = 80}, REASON_DESTINATION});
    rows.push_back(
        {"the portal by its link-local address",
         eth / IPv6{.src = kClientLinkLocal, .dst = kGatewayLinkLocal} / TCP{.dport = 80},
         REASON_PORTAL});
}

}  // namespace

IngressRows tcp_rows() {
    IngressRows rows;
    for (const Family& family : kFamilies) {
        const auto row = [&](std::string what, const IpAddress& dst, TCP tcp, reason expected) {
            rows.push_back({family.name + (", " + std::move(what)),
                            Ethernet{} / family.to(dst) / tcp, expected});
        };
        for (const auto& [name, bits, plausible] : kFlags) {
            const auto or_refused = [&](reason pass) {
                return plausible ? pass : REASON_TCP_FLAGS;
            };
            row(std::string("port 80, flags ") + name, family.server, {.dport = 80, .flags = bits},
                or_refused(REASON_STEERED));
            row(std::string("portal, flags ") + name, family.gateway, {.dport = 443, .flags = bits},
                or_refused(REASON_PORTAL));
        }
        row("portal's HTTP", family.gateway, {.dport = 80}, REASON_PORTAL);
        row("portal's HTTPS", family.gateway, {.dport = 443}, REASON_PORTAL);
        row("the gateway's SSH", family.gateway, {.dport = 22}, REASON_TCP);
        row("the gateway's next port", family.gateway, {.dport = 81}, REASON_TCP);
        row("HTTPS of the gateway's uplink", family.uplink, {.dport = 443}, REASON_HTTPS);
        row("SSH of the gateway's uplink", family.uplink, {.dport = 22}, REASON_TCP);
        row("HTTP of the gateway's uplink", family.uplink, {.dport = 80}, REASON_STEERED);
        row("DNS of the gateway", family.gateway, {.dport = 53}, REASON_DNS);
        row("DNS of a permitted resolver", family.resolver, {.dport = 53}, REASON_DNS);
        row("DNS of a foreign resolver", family.server, {.dport = 53}, REASON_DNS_FOREIGN);
        row("DNS of the gateway's uplink", family.uplink, {.dport = 53}, REASON_DNS_FOREIGN);
        row("HTTP of a permitted resolver", family.resolver, {.dport = 80}, REASON_STEERED);
        row("DNS over TLS", family.gateway, {.dport = 853}, REASON_TCP);
        row("HTTPS", family.server, {.dport = 443}, REASON_HTTPS);
        row("HTTP alternative", family.server, {.dport = 8080}, REASON_TCP);
        row("port 0", family.server, {.dport = 0}, REASON_TCP);
        row("from port 80", family.server, {.sport = 80, .dport = 40000}, REASON_TCP);
        row("port 80 with the bytes swapped", family.server, {.dport = 0x5000}, REASON_TCP);
        row("garden, HTTP", family.garden, {.dport = 80}, REASON_GARDEN);
        row("garden, HTTPS", family.garden, {.dport = 443}, REASON_GARDEN);
        row("garden, any port", family.garden, {.dport = 22}, REASON_GARDEN);
        row("garden, DNS", family.garden, {.dport = 53}, REASON_DNS_FOREIGN);
        row("garden of one port", family.garden_ports, {.dport = kGardenTcp}, REASON_GARDEN);
        row("garden, another port", family.garden_ports, {.dport = 443}, REASON_HTTPS);
        row("garden, port 80 not in it", family.garden_ports, {.dport = 80}, REASON_STEERED);
        row("garden, the port of UDP", family.garden_ports, {.dport = kGardenUdp}, REASON_TCP);
    }
    destination_rows(rows);
    return rows;
}

}  // namespace portal::gate
