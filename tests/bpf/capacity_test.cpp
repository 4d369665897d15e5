// Full maps: no stranger takes a client's place, and the gate stays a gate.
#include <gtest/gtest.h>

#include "bpf/gate.h"
#include "bpf/tables/check.h"

namespace portal::gate {
namespace {

using namespace packets;

Mac numbered(std::uint32_t number) {
    Mac mac = kClientMac;
    mac.bytes[2] = 0x10;
    mac.bytes[3] = static_cast<std::uint8_t>(number >> 16);
    mac.bytes[4] = static_cast<std::uint8_t>(number >> 8);
    mac.bytes[5] = static_cast<std::uint8_t>(number);
    return mac;
}

TEST(Capacity, TheLastClientFitsAndTheNextIsRefused) {
    constexpr std::uint32_t kClients = 8;
    Gate gate({.max_clients = kClients});
    client value{};
    value.state = CLIENT_AUTHORIZED;
    for (std::uint32_t i = 0; i < kClients; i++)
        EXPECT_TRUE(gate.put(key_of(numbered(i)), value));
    EXPECT_FALSE(gate.put(key_of(numbered(kClients)), value));
    EXPECT_TRUE(gate.put(key_of(numbered(0)), value)) << "one that is there can be renewed";

    const Packet https = IPv4{} / TCP{.dport = 443};
    for (std::uint32_t i = 0; i < kClients; i++)
        EXPECT_EQ(gate.ingress(Ethernet{.src = numbered(i)} / https).reason, REASON_AUTHORIZED);
    EXPECT_EQ(gate.ingress(Ethernet{.src = numbered(kClients)} / https).reason, REASON_HTTPS);
}

TEST(Capacity, AFloodOfStrangersEvictsNoClient) {
    Gate gate;
    set_standing(gate, key_of(kClientMac), Standing::authorized);
    for (std::uint32_t i = 0; i < PORTAL_NEIGHBORS + 10'000; i++) {
        const Mac stranger = numbered(i);
        ASSERT_EQ(gate.ingress_action(Ethernet{.src = stranger} / Arp{.sender_mac = stranger}), 2);
    }
    EXPECT_EQ(gate.ingress(Ethernet{} / IPv4{} / TCP{.dport = 443}).reason, REASON_AUTHORIZED);
    EXPECT_EQ(gate.ingress(Ethernet{.src = numbered(1)} / Arp{.sender_mac = numbered(1)}).reason,
              REASON_ARP);
}

}  // namespace
}  // namespace portal::gate
