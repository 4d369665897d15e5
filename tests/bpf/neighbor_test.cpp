// Who is on the wire: what packets teach the gate, and the event a new stranger makes.
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

#include "bpf/gate.h"
#include "bpf/private_network.h"
#include "bpf/tables/check.h"
#include "packets/applications.h"
#include "packets/neighbor_discovery.h"
#include "portal.skel.h"

namespace portal::gate {
namespace {

using namespace packets;

const client_key kClient = key_of(kClientMac);

class Neighbors : public testing::Test {
  protected:
    Neighbors() {
        ring_.reset(ring_buffer__new(bpf_map__fd(gate_.programs().maps.events), &collect, &events_,
                                     nullptr));
    }

    std::vector<event> take_events() {
        EXPECT_GE(ring_buffer__consume(ring_.get()), 0);
        return std::exchange(events_, {});
    }

    Gate gate_;

  private:
    struct Free {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };

    static int collect(void* context, void* data, std::size_t size) {
        EXPECT_EQ(size, sizeof(event));
        auto& events = *static_cast<std::vector<event>*>(context);
        std::memcpy(&events.emplace_back(), data, sizeof(event));
        return 0;
    }

    std::vector<event> events_;
    std::unique_ptr<ring_buffer, Free> ring_;
};

TEST_F(Neighbors, ArpTeachesTheSender) {
    const std::uint64_t start = now();
    gate_.ingress(Ethernet{} / Arp{});
    const auto learnt = gate_.find_neighbor(kClient, kClient4);
    ASSERT_TRUE(learnt);
    EXPECT_GE(learnt->first_seen, start);
    EXPECT_EQ(learnt->last_seen, learnt->first_seen);
    EXPECT_EQ(learnt->ifindex, kLoopback);
}

TEST_F(Neighbors, DiscoveryTeachesTheSource) {
    const IPv6 solicit{.src = kClientLinkLocal, .dst = ip("ff02::1:ff00:1"), .hop_limit = 255};
    gate_.ingress(Ethernet{} / solicit / neighbor_solicitation(kGateway6));
    EXPECT_TRUE(gate_.find_neighbor(kClient, kClientLinkLocal));
    const IPv6 advertise{.src = kClient6, .dst = ip("ff02::1"), .hop_limit = 255};
    gate_.ingress(Ethernet{} / advertise / neighbor_advertisement(kClient6));
    EXPECT_TRUE(gate_.find_neighbor(kClient, kClient6));
}

TEST_F(Neighbors, DhcpTeachesAClientWithoutAnAddress) {
    const IPv4 fresh{.src = ip("0.0.0.0"), .dst = ip("255.255.255.255")};
    gate_.ingress(Ethernet{} / Vlan{} / fresh / dhcp_discover());
    EXPECT_TRUE(gate_.find_neighbor(key_of(kClientMac, 100), ip("::")));
    EXPECT_FALSE(gate_.find_neighbor(key_of(kClientMac, 100), ip("0.0.0.0")));
}

TEST_F(Neighbors, ASignedInClientIsLearntToo) {
    set_standing(gate_, kClient, Standing::authorized);
    gate_.ingress(Ethernet{} / Arp{});
    EXPECT_TRUE(gate_.find_neighbor(kClient, kClient4));
    EXPECT_TRUE(take_events().empty()) << "it is no stranger";
}

TEST_F(Neighbors, NothingIsLearntFromWhatIsRefused) {
    gate_.ingress(Ethernet{} / Arp{.sender_ip = kGateway4});
    gate_.ingress(Ethernet{} / Arp{.operation = 9});
    gate_.ingress(Ethernet{} / IPv6{.src = kClient6, .hop_limit = 254} /
                  neighbor_solicitation(kGateway6));
    set_standing(gate_, kClient, Standing::blocked);
    gate_.ingress(Ethernet{} / Arp{});

    EXPECT_FALSE(gate_.find_neighbor(kClient, kGateway4));
    EXPECT_FALSE(gate_.find_neighbor(kClient, kClient6));
    EXPECT_FALSE(gate_.find_neighbor(kClient, kClient4));
    EXPECT_TRUE(take_events().empty());
}

TEST_F(Neighbors, AStrangerIsReportedOnce) {
    for (int i = 0; i < 3; i++)
        gate_.ingress(Ethernet{} / Arp{});
    const std::vector<event> events = take_events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].type, static_cast<std::uint32_t>(EVENT_STRANGER));
    EXPECT_EQ(events[0].ifindex, kLoopback);
    EXPECT_EQ(std::memcmp(&events[0].client, &kClient, sizeof kClient), 0);
    const ip_address address = abi(kClient4);
    EXPECT_EQ(std::memcmp(&events[0].address, &address, sizeof address), 0);
    EXPECT_EQ(events[0].time, gate_.find_neighbor(kClient, kClient4)->first_seen);
}

TEST_F(Neighbors, AnotherAddressIsAnotherReport) {
    gate_.ingress(Ethernet{} / Arp{});
    gate_.ingress(Ethernet{} / Arp{.sender_ip = ip("192.0.2.101")});
    gate_.ingress(Ethernet{} / Vlan{} / Arp{});
    EXPECT_EQ(take_events().size(), 3U);
}

TEST_F(Neighbors, AFullRingCostsOnlyTheReport) {
    for (std::uint32_t i = 0; i < 2 * PORTAL_EVENT_BYTES / sizeof(event); i++) {
        IpAddress address = ip("10.1.0.0");
        address.bytes[14] = static_cast<std::uint8_t>(i >> 8);
        address.bytes[15] = static_cast<std::uint8_t>(i);
        ASSERT_EQ(gate_.ingress_action(Ethernet{} / Arp{.sender_ip = address}), 2);
    }
    EXPECT_LE(take_events().size(), PORTAL_EVENT_BYTES / sizeof(event));
}

}  // namespace
}  // namespace portal::gate
