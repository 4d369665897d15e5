// No reason without a frame that gets it, and names a metric can carry.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "bpf/budgets.h"
#include "bpf/forging.h"
#include "bpf/steering.h"
#include "bpf/tables/check.h"

namespace portal::gate {
namespace {

using namespace packets;

// What the second frame in each direction gets where there is credit for one.
Reasons exceed_rates(Gate& gate) {
    constexpr std::uint32_t kSlot = 1;
    constexpr bucket kNothing{.rate = 1, .burst = 0, .full_at = 0};
    client value{};
    value.slot = kSlot;
    value.state = CLIENT_AUTHORIZED;
    value.flags = CLIENT_METERED;
    gate.put(key_of(kClientMac), value);
    gate.set_meter(kSlot, {.up = kNothing, .down = kNothing, .quota = 0, .used = 0});
    const Bytes up = Ethernet{} / IPv4{} / UDP{};
    const Bytes down = Ethernet{.src = kGatewayMac, .dst = kClientMac} / IPv4{} / UDP{};
    gate.ingress(up);
    gate.egress(down);
    return {gate.ingress(up).reason, gate.egress(down).reason};
}

TEST(Reasons, EveryOneIsReached) {
    Gate gate;
    Reasons seen = check_steer(gate, REASON_STEER_NO_LISTENER);
    const Listeners listeners(gate);
    seen.merge(check_steer(gate, REASON_STEER_FAILED));
    for (const Standing standing : kStandings) {
        seen.merge(check_ingress(gate, standing));
        seen.merge(check_egress(gate, standing));
    }
    seen.insert(join_anothers_flow(gate).reason);
    Gate answering({.reset = true});
    const Packet to_server = Ethernet{} / IPv4{};
    seen.insert(answering.ingress(to_server / TCP{.dport = 443}).sent);
    seen.insert(answering.ingress(to_server / UDP{.dport = 443}).sent);
    seen.merge(exhaust_budgets());
    seen.merge(exceed_rates(gate));
    // What one client sent is remembered by slot.
    Gate binding;
    seen.insert(use_anothers_address(binding).reason);
    seen.insert(send_between_clients(gate).reason);

    for (int reason = 0; reason < REASON_COUNT; reason++)
        EXPECT_TRUE(seen.contains(reason)) << name_of(reason) << " is never given";
}

TEST(Reasons, NamesAreUniqueLowerSnakeCase) {
    const std::regex snake_case("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    std::set<std::string> names;
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        const std::string name = name_of(reason);
        EXPECT_TRUE(std::regex_match(name, snake_case)) << name;
        EXPECT_TRUE(names.insert(name).second) << name << " twice";
    }
}

TEST(Reasons, AreDescribed) {
    std::set<std::string> descriptions;
#define X(id, action, name, description)                 \
    EXPECT_FALSE(std::string(description).empty());      \
    EXPECT_TRUE(descriptions.insert(description).second) \
        << name << " is described as another reason is";
    PORTAL_REASONS(X)
#undef X
}

}  // namespace
}  // namespace portal::gate
