#include "bpf/budgets.h"

#include "packets/applications.h"
#include "packets/neighbor_discovery.h"

namespace portal::gate {

using namespace packets;

namespace {

const IPv4 kFresh4{.src = ip("0.0.0.0"), .dst = ip("255.255.255.255")};

Bytes dns4(const Mac& from) {
    return Ethernet{.src = from} / IPv4{.dst = kGateway4} / dns_query();
}
Bytes dns6(const Mac& from) {
    return Ethernet{.src = from} / IPv6{.dst = kGateway6} / dns_query();
}
Bytes dns_over_tcp(const Mac& from) {
    return Ethernet{.src = from} / IPv4{.dst = kGateway4} / TCP{.dport = 53};
}
Bytes syn4(const Mac& from) {
    return Ethernet{.src = from} / IPv4{} / TCP{.dport = 80};
}
Bytes syn6(const Mac& from) {
    return Ethernet{.src = from} / IPv6{} / TCP{.dport = 80};
}
Bytes syn_to_portal(const Mac& from) {
    return Ethernet{.src = from} / IPv4{.dst = kGateway4} / TCP{.dport = kHttpsPort};
}
Bytes segment4(const Mac& from) {
    return Ethernet{.src = from} / IPv4{} / TCP{.dport = 80, .flags = kAck};
}
Bytes segment6(const Mac& from) {
    return Ethernet{.src = from} / IPv6{} / TCP{.dport = 80, .flags = kAck};
}
Bytes reset(const Mac& from) {
    return Ethernet{.src = from} / IPv4{.dst = kGateway4} / TCP{.dport = 80, .flags = kRst};
}
Bytes arp(const Mac& from) {
    return Ethernet{.src = from} / Arp{.sender_mac = from};
}
Bytes solicitation(const Mac& from) {
    return Ethernet{.src = from} / IPv6{.dst = ip("ff02::1:ff00:1"), .hop_limit = 255} /
           neighbor_solicitation(kGateway6, from);
}
Bytes report(const Mac& from) {
    return Ethernet{.src = from} /
           IPv6{.src = kClientLinkLocal, .dst = ip("ff02::16"), .hop_limit = 1} /
           mldv2_report(ip("ff02::fb"));
}
Bytes eapol(const Mac& from) {
    return Ethernet{.src = from, .dst = mac("01:80:c2:00:00:03"), .ethertype = 0x888e} /
           Payload{Bytes{1, 1, 0, 0}};
}
Bytes ping4(const Mac& from) {
    return Ethernet{.src = from} / IPv4{.dst = kGateway4} / ICMP{};
}
Bytes ping6(const Mac& from) {
    return Ethernet{.src = from} / IPv6{.dst = kGateway6} / ICMPv6{};
}
Bytes dhcp(const Mac& from) {
    return Ethernet{.src = from, .dst = kBroadcastMac} / kFresh4 / dhcp_discover(from);
}
Bytes dhcpv6(const Mac& from) {
    return Ethernet{.src = from} / IPv6{.src = kClientLinkLocal, .dst = ip("ff02::1:2")} /
           dhcpv6_solicit(from);
}

}  // namespace

const std::vector<Charged>& charged_frames() {
    static const std::vector<Charged> frames = {
        {"Dns4", BUDGET_DNS, REASON_DNS, REASON_BUDGET_DNS, dns4},
        {"Dns6", BUDGET_DNS, REASON_DNS, REASON_BUDGET_DNS, dns6},
        {"DnsOverTcp", BUDGET_DNS, REASON_DNS, REASON_BUDGET_DNS, dns_over_tcp},
        {"Syn4", BUDGET_CONNECTIONS, REASON_STEERED, REASON_BUDGET_CONNECTIONS, syn4},
        {"Syn6", BUDGET_CONNECTIONS, REASON_STEERED, REASON_BUDGET_CONNECTIONS, syn6},
        {"SynToPortal", BUDGET_CONNECTIONS, REASON_PORTAL, REASON_BUDGET_CONNECTIONS,
         syn_to_portal},
        {"Segment4", BUDGET_SEGMENTS, REASON_STEERED, REASON_BUDGET_CONNECTIONS, segment4},
        {"Segment6", BUDGET_SEGMENTS, REASON_STEERED, REASON_BUDGET_CONNECTIONS, segment6},
        {"ResetToPortal", BUDGET_SEGMENTS, REASON_PORTAL, REASON_BUDGET_CONNECTIONS, reset},
        {"Arp", BUDGET_LINK, REASON_ARP, REASON_BUDGET_LINK, arp},
        {"NeighborSolicitation", BUDGET_LINK, REASON_NEIGHBOR_DISCOVERY, REASON_BUDGET_LINK,
         solicitation},
        {"MulticastReport", BUDGET_LINK, REASON_MLD, REASON_BUDGET_LINK, report},
        {"Eapol", BUDGET_LINK, REASON_EAPOL, REASON_BUDGET_LINK, eapol},
        {"Ping4", BUDGET_ICMP, REASON_ICMP_ECHO, REASON_BUDGET_ICMP, ping4},
        {"Ping6", BUDGET_ICMP, REASON_ICMP_ECHO, REASON_BUDGET_ICMP, ping6},
        {"Dhcp4", BUDGET_DHCP, REASON_DHCP, REASON_BUDGET_DHCP, dhcp},
        {"Dhcp6", BUDGET_DHCP, REASON_DHCP, REASON_BUDGET_DHCP, dhcpv6},
    };
    return frames;
}

budget_rate hourly(std::uint64_t burst) {
    constexpr std::uint64_t hour = 3600 * 1'000'000'000ULL;
    return {.cost = hour, .burst = (burst - 1) * hour};
}

budget_rate rate_of(const Budget& budget) {
    if (budget.rate == 0) return {};
    const std::uint64_t cost = (1'000'000'000ULL + budget.rate - 1) / budget.rate;
    return {.cost = cost, .burst = (budget.burst - 1) * cost};
}

Reasons exhaust_budgets() {
    Gate gate;
    Reasons reasons;
    for (const Charged& row : charged_frames()) {
        gate.set_budget(row.charged_to, {.client = hourly(1), .all = hourly(1)});
        gate.ingress(row.frame(kClientMac));
        reasons.insert(gate.ingress(row.frame(kClientMac)).reason);
    }
    reasons.insert(gate.ingress(arp(kOtherMac)).reason);
    gate.set_budget(BUDGET_NEWCOMERS, {.client = {}, .all = hourly(1)});
    reasons.insert(gate.ingress(arp(mac("02:00:00:00:00:66"))).reason);
    reasons.insert(gate.ingress(arp(mac("02:00:00:00:00:67"))).reason);
    return reasons;
}

}  // namespace portal::gate
