// Strangers' budgets: each at its boundary, by client and by all, and against stations that invent
// MAC addresses.
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <ostream>
#include <vector>

#include "bpf/budgets.h"
#include "bpf/private_network.h"
#include "bpf/steering.h"
#include "packets/applications.h"
#include "portal.skel.h"

namespace portal::gate {

// How GoogleTest names a case's parameter.
static void PrintTo(const Charged& charged, std::ostream* out) {
    *out << charged.name;
}

namespace {

using namespace packets;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kBurst = 5;
constexpr int kPass = 2;  // XDP_PASS

const client_key kClient = key_of(kClientMac);

Mac numbered(std::uint32_t number) {
    Mac mac = kClientMac;
    mac.bytes[2] = 0x20;
    mac.bytes[3] = static_cast<std::uint8_t>(number >> 16);
    mac.bytes[4] = static_cast<std::uint8_t>(number >> 8);
    mac.bytes[5] = static_cast<std::uint8_t>(number);
    return mac;
}

Bytes frame_of(const char* name, const Mac& from) {
    for (const Charged& row : charged_frames())
        if (row.name == name) return row.frame(from);
    ADD_FAILURE() << "no such frame: " << name;
    return {};
}

void set_defaults(Gate& gate) {
    const auto& [client, all, newcomers] = StrangerBudgets{};
    const auto set = [&](budget which, const Budget& one, const Budget& together) {
        gate.set_budget(which, {.client = rate_of(one), .all = rate_of(together)});
    };
    set(BUDGET_DNS, client.dns, all.dns);
    set(BUDGET_DNS_BYTES, client.dns_bytes, all.dns_bytes);
    set(BUDGET_CONNECTIONS, client.connections, all.connections);
    set(BUDGET_SEGMENTS, client.segments, all.segments);
    set(BUDGET_LINK, client.link, all.link);
    set(BUDGET_ICMP, client.icmp, all.icmp);
    set(BUDGET_DHCP, client.dhcp, all.dhcp);
    set(BUDGET_NEWCOMERS, {}, newcomers);
}

// As if it had been there for a minute, and had been quiet.
void make_known(Gate& gate, const client_key& key) {
    gate.put_stranger(key, {.since = now() - 60 * kSecond, .told = 0, .due = {}});
}

class EachBudget : public testing::TestWithParam<Charged> {
  protected:
    int from(const Mac& mac) { return gate_.ingress(row_.frame(mac)).reason; }
    void expect_burst(const Mac& mac, std::uint64_t burst = kBurst) {
        for (std::uint64_t i = 0; i < burst; i++)
            EXPECT_EQ(from(mac), row_.passes_for) << i;
    }

    const Charged& row_ = GetParam();
    Gate gate_;
};

TEST_P(EachBudget, UnlimitedIsZero) {
    for (int i = 0; i < 1000; i++)
        ASSERT_EQ(gate_.ingress_action(row_.frame(kClientMac)), kPass);
    EXPECT_FALSE(gate_.find_stranger(kClient)) << "nothing is kept of it";
}

TEST_P(EachBudget, LetsTheBurstPassAndNoMore) {
    gate_.set_budget(row_.charged_to, {.client = hourly(kBurst), .all = {}});
    expect_burst(kClientMac);
    const Outcome refused = gate_.ingress(row_.frame(kClientMac));
    EXPECT_EQ(refused.reason, row_.refused_for);
    EXPECT_EQ(refused.packets, 1U);
    EXPECT_EQ(refused.bytes, row_.frame(kClientMac).size());
}

TEST_P(EachBudget, RefillsWithTime) {
    gate_.set_budget(row_.charged_to, {.client = hourly(kBurst), .all = {}});
    expect_burst(kClientMac);
    EXPECT_EQ(from(kClientMac), row_.refused_for);
    stranger known = *gate_.find_stranger(kClient);
    known.due[row_.charged_to] -= 2 * hourly(1).cost;  // as if two hours had passed
    gate_.put_stranger(kClient, known);
    expect_burst(kClientMac, 2);
    EXPECT_EQ(from(kClientMac), row_.refused_for);
}

TEST_P(EachBudget, IsTheClientsOwn) {
    gate_.set_budget(row_.charged_to, {.client = hourly(kBurst), .all = {}});
    expect_burst(kClientMac);
    EXPECT_EQ(from(kClientMac), row_.refused_for);
    expect_burst(kOtherMac);
}

TEST_P(EachBudget, OfAllTogetherIsShared) {
    gate_.set_budget(row_.charged_to, {.client = {}, .all = hourly(kBurst)});
    for (std::uint32_t i = 0; i < kBurst + 1; i++)
        make_known(gate_, key_of(numbered(i)));
    for (std::uint32_t i = 0; i < kBurst; i++)
        EXPECT_EQ(from(numbered(i)), row_.passes_for);
    EXPECT_EQ(from(numbered(kBurst)), REASON_BUDGET_ALL);
}

// One station cannot use up what is everybody's.
TEST_P(EachBudget, WhatAClientMayNotSendCostsTheOthersNothing) {
    gate_.set_budget(row_.charged_to, {.client = hourly(2), .all = hourly(3)});
    for (int i = 0; i < 10; i++)
        from(kClientMac);
    EXPECT_EQ(from(kOtherMac), row_.passes_for);
    EXPECT_EQ(from(kOtherMac), REASON_BUDGET_ALL);
}

TEST_P(EachBudget, NewcomersLeaveTheOthersTheirShare) {
    gate_.set_budget(row_.charged_to, {.client = {}, .all = hourly(kBurst)});
    make_known(gate_, kClient);
    for (std::uint32_t i = 0; i < kBurst; i++)
        EXPECT_EQ(from(numbered(i)), row_.passes_for);
    EXPECT_EQ(from(numbered(kBurst)), REASON_BUDGET_ALL);
    expect_burst(kClientMac);
    EXPECT_EQ(from(kClientMac), REASON_BUDGET_ALL);
}

TEST_P(EachBudget, IsNoneOfASignedInClients) {
    gate_.set_budget(row_.charged_to, {.client = hourly(1), .all = hourly(1)});
    gate_.set_budget(BUDGET_NEWCOMERS, {.client = {}, .all = hourly(1)});
    set_standing(gate_, kClient, Standing::authorized);
    for (int i = 0; i < 5; i++)
        EXPECT_EQ(from(kClientMac), REASON_AUTHORIZED);
    EXPECT_FALSE(gate_.find_stranger(kClient));
}

INSTANTIATE_TEST_SUITE_P(Frame, EachBudget, testing::ValuesIn(charged_frames()),
                         [](const auto& row) { return row.param.name; });

class BudgetTest : public testing::Test {
  protected:
    BudgetTest() {
        ring_.reset(ring_buffer__new(bpf_map__fd(gate_.programs().maps.events), &collect, &floods_,
                                     nullptr));
    }

    int from(const char* frame, const Mac& mac = kClientMac) {
        return gate_.ingress(frame_of(frame, mac)).reason;
    }
    std::vector<event> take_floods() {
        EXPECT_GE(ring_buffer__consume(ring_.get()), 0);
        return std::exchange(floods_, {});
    }

    Gate gate_;

  private:
    struct Free {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };
    static int collect(void* context, void* data, std::size_t) {
        event seen{};
        std::memcpy(&seen, data, sizeof seen);
        if (seen.type == EVENT_FLOOD) static_cast<std::vector<event>*>(context)->push_back(seen);
        return 0;
    }

    std::vector<event> floods_;
    std::unique_ptr<ring_buffer, Free> ring_;
};

TEST_F(BudgetTest, OfDnsCountsBytesToo) {
    const std::uint64_t size = frame_of("Dns4", kClientMac).size();
    gate_.set_budget(BUDGET_DNS_BYTES, {.client = hourly(2 * size), .all = {}});
    EXPECT_EQ(from("Dns4"), REASON_DNS);
    EXPECT_EQ(from("Dns4"), REASON_DNS);
    EXPECT_EQ(from("Dns4"), REASON_BUDGET_DNS);
    EXPECT_EQ(from("DnsOverTcp"), REASON_BUDGET_DNS);
    EXPECT_EQ(from("Arp"), REASON_ARP);
}

TEST_F(BudgetTest, IsOfOneVlan) {
    gate_.set_budget(BUDGET_LINK, {.client = hourly(1), .all = {}});
    EXPECT_EQ(from("Arp"), REASON_ARP);
    EXPECT_EQ(from("Arp"), REASON_BUDGET_LINK);
    EXPECT_EQ(gate_.ingress(Ethernet{} / Vlan{} / Arp{}).reason, REASON_ARP);
}

TEST_F(BudgetTest, OfOneServiceLeavesTheRest) {
    for (std::uint32_t i = 0; i < BUDGET_NEWCOMERS; i++)
        gate_.set_budget(static_cast<budget>(i), {.client = hourly(1), .all = {}});
    gate_.set_budget(BUDGET_DNS_BYTES, {});
    for (const char* frame : {"Dns4", "Syn4", "Segment4", "Arp", "Ping4", "Dhcp4"}) {
        EXPECT_EQ(gate_.ingress_action(frame_of(frame, kClientMac)), kPass) << frame;
        EXPECT_NE(gate_.ingress_action(frame_of(frame, kClientMac)), kPass) << frame;
    }
}

TEST_F(BudgetTest, IsNotSpentOnTheGardenNorOnWhatIsDropped) {
    set_defaults(gate_);
    gate_.set_budget(BUDGET_NEWCOMERS, {.client = {}, .all = hourly(1)});
    for (const Family& family : kFamilies)
        for (int i = 0; i < 3; i++) {
            EXPECT_EQ(
                gate_.ingress(Ethernet{} / family.to(family.garden) / TCP{.dport = 22}).reason,
                REASON_GARDEN);
            EXPECT_EQ(
                gate_.ingress(Ethernet{} / family.to(family.server) / TCP{.dport = 443}).reason,
                REASON_HTTPS);
        }
    EXPECT_FALSE(gate_.find_stranger(kClient));
}

// XDP has charged the frame, whether or not its note has come through.
TEST_F(BudgetTest, IsNotSpentAgainInTc) {
    gate_.set_budget(BUDGET_CONNECTIONS, {.client = hourly(1), .all = {}});
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(gate_.steer(frame_of("Syn4", kClientMac)).reason, REASON_STEER_NO_LISTENER);
}

TEST_F(BudgetTest, OfNewcomersLetsSoManyIn) {
    gate_.set_budget(BUDGET_LINK, {.client = hourly(100), .all = {}});
    gate_.set_budget(BUDGET_NEWCOMERS, {.client = {}, .all = hourly(3)});
    for (std::uint32_t i = 0; i < 3; i++)
        EXPECT_EQ(from("Arp", numbered(i)), REASON_ARP);
    EXPECT_EQ(from("Arp", numbered(3)), REASON_BUDGET_NEWCOMERS);
    EXPECT_EQ(from("Arp", numbered(0)), REASON_ARP) << "it is in";
}

TEST_F(BudgetTest, ARefusedNewcomerLeavesNoTrace) {
    gate_.set_budget(BUDGET_LINK, {.client = hourly(100), .all = {}});
    gate_.set_budget(BUDGET_NEWCOMERS, {.client = {}, .all = hourly(1)});
    from("Arp", kOtherMac);
    EXPECT_EQ(from("Arp"), REASON_BUDGET_NEWCOMERS);
    EXPECT_FALSE(gate_.find_stranger(kClient));
    EXPECT_FALSE(gate_.find_neighbor(kClient, kClient4));
}

TEST_F(BudgetTest, AFloodIsToldOnce) {
    gate_.set_budget(BUDGET_LINK, {.client = hourly(1), .all = {}});
    for (int i = 0; i < 100; i++)
        from("Arp");
    std::vector<event> floods = take_floods();
    ASSERT_EQ(floods.size(), 1U);
    EXPECT_EQ(floods[0].reason, REASON_BUDGET_LINK);
    EXPECT_EQ(std::memcmp(&floods[0].client, &kClient, sizeof kClient), 0);

    stranger known = *gate_.find_stranger(kClient);
    known.told -= 10 * kSecond;
    gate_.put_stranger(kClient, known);
    for (int i = 0; i < 100; i++)
        from("Arp");
    EXPECT_EQ(take_floods().size(), 1U) << "it goes on";
}

TEST_F(BudgetTest, AFloodOfMacAddressesIsOneEvent) {
    gate_.set_budget(BUDGET_LINK, {.client = hourly(1), .all = {}});
    gate_.set_budget(BUDGET_NEWCOMERS, {.client = {}, .all = hourly(1)});
    for (std::uint32_t i = 0; i < 1000; i++)
        from("Arp", numbered(i));
    const std::vector<event> floods = take_floods();
    ASSERT_EQ(floods.size(), 1U);
    EXPECT_EQ(floods[0].reason, REASON_BUDGET_NEWCOMERS);
    const client_key nobody{};
    EXPECT_EQ(std::memcmp(&floods[0].client, &nobody, sizeof nobody), 0);
}

// A train arrives: what a thousand devices send in their first moments, in no time at all.
TEST_F(BudgetTest, TheDefaultsLetAThousandDevicesJoinAtOnce) {
    struct Sent {
        const char* frame;
        int times;
    };
    constexpr Sent kJoining[] = {{"Dhcp4", 2},
                                 {"Dhcp6", 2},
                                 {"NeighborSolicitation", 6},
                                 {"Arp", 6},
                                 {"MulticastReport", 3},
                                 {"Dns4", 10},
                                 {"Dns6", 8},
                                 {"Syn4", 3},
                                 {"Syn6", 2},
                                 {"Segment4", 20},
                                 {"Ping4", 1}};
    set_defaults(gate_);
    for (std::uint32_t i = 0; i < 1000; i++)
        for (const auto& [frame, times] : kJoining)
            for (int j = 0; j < times; j++)
                ASSERT_EQ(gate_.ingress_action(frame_of(frame, numbered(i))), kPass)
                    << frame << " of device " << i;
}

// A station sends each frame from a MAC address of its own, at full speed.
TEST_F(BudgetTest, AFloodOfMacAddressesTakesNothingFromWhoWasThere) {
    constexpr std::uint32_t kFlood = 200'000;
    const char* const kServices[] = {"Arp", "Dns4", "Dhcp4"};
    const std::uint64_t start = now();
    set_defaults(gate_);
    make_known(gate_, kClient);
    set_standing(gate_, key_of(kOtherMac), Standing::authorized);
    const Family& family = kFamilies[0];
    EXPECT_EQ(gate_.ingress(segment(family, kSyn)).reason, REASON_STEERED);
    gate_.set_origin(web_flow(family), kClient);

    std::uint32_t let_in = 0;
    for (std::uint32_t i = 0; i < kFlood; i++) {
        const Mac mac = numbered(i);
        const TCP syn{.sport = static_cast<std::uint16_t>(41'000 + i % 20'000)};
        const Bytes frame = i % 2 == 0 ? Bytes(Ethernet{.src = mac} / IPv4{} / syn)
                                       : frame_of(kServices[i / 2 % 3], mac);
        if (gate_.ingress_action(frame) == kPass) {
            let_in++;
            gate_.steer(frame);
        }
        if (i % 10'000 != 0) continue;
        // A second's worth of a client that behaves.
        make_known(gate_, kClient);
        for (const char* wanted : {"Dns4", "Arp", "Syn4", "Segment4", "NeighborSolicitation"})
            ASSERT_EQ(gate_.ingress_action(frame_of(wanted, kClientMac)), kPass)
                << wanted << " after " << i;
    }
    const std::uint64_t seconds = (now() - start) / kSecond + 1;
    EXPECT_LE(let_in, 2000 + 200 * seconds);
    const auto origin = gate_.find_origin(web_flow(family));
    ASSERT_TRUE(origin) << "its connection is still its own";
    EXPECT_EQ(std::memcmp(&origin->client, &kClient, sizeof kClient), 0);
    EXPECT_EQ(from("Arp", kOtherMac), REASON_AUTHORIZED);
    EXPECT_LE(take_floods().size(), 2 + 2 * seconds / 10);
}

// Even where newcomers are not held back: the table forgets who has been quiet.
TEST_F(BudgetTest, WhoIsActiveIsNotForgotten) {
    gate_.set_budget(BUDGET_LINK, {.client = hourly(1'000'000), .all = {}});
    from("Arp");
    const std::uint64_t since = gate_.find_stranger(kClient)->since;
    for (std::uint32_t i = 0; i < 2 * PORTAL_STRANGERS; i++) {
        gate_.ingress_action(frame_of("Arp", numbered(i)));
        if (i % 1000 == 0) from("Arp");
    }
    ASSERT_TRUE(gate_.find_stranger(kClient));
    EXPECT_EQ(gate_.find_stranger(kClient)->since, since);
    EXPECT_FALSE(gate_.find_stranger(key_of(numbered(0))));
}

}  // namespace
}  // namespace portal::gate
