#include "control/sightings.h"

#include <gmock/gmock.h>

#include "fakes.h"

namespace portal::control::test {
namespace {

using Type = dataplane::KernelEventType;

class SightingsTest : public testing::Test {
  protected:
    SightingsTest() {
        topology.links = {{.index = 3, .name = "eth1"}, {.index = 4, .name = "eth2"}};
        EXPECT_TRUE(manager.place({.interfaces = topology.indices()}));
    }
    std::vector<Event> events(Type type, const ClientId& id, std::string_view reason = {}) const {
        return events_of({.type = type,
                          .client = id,
                          .address = ip("192.0.2.5"),
                          .ifindex = 4,
                          .reason = reason},
                         manager, topology, clock.wall());
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    EventBus bus;
    FakeAuditStore audit_store;
    AuditTrail audit{audit_store, clock};
    SessionManager manager{store, table, clock, bus, audit};
    Topology topology;
};

TEST_F(SightingsTest, AStrangerIsAStranger) {
    const auto seen = events(Type::stranger, client(1));
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(describe(seen[0]), "stranger 02:00:00:00:00:01 192.0.2.5 eth2");
}

TEST_F(SightingsTest, WithTheMacOfASessionOnAnotherVlanItMayBeAForger) {
    ASSERT_TRUE(manager.authorize(client(1, 100), {}));
    const auto seen = events(Type::stranger, client(1));
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[1].type, EventType::forgery);
    EXPECT_EQ(seen[1].detail,
              "has the MAC address of 02:00:00:00:00:01@100, authorized on another VLAN");
}

TEST_F(SightingsTest, ASessionElsewhereIsNamed) {
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "m", .interface = "eth1"}));
    const auto seen = events(Type::forgery, client(1), "arp");
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(describe(seen[0]),
              "forgery 02:00:00:00:00:01 192.0.2.5 eth2: has the MAC address of a session on eth1");
}

TEST_F(SightingsTest, AnAddressOfAnotherClient) {
    const auto seen = events(Type::forgery, client(1), "source_bound");
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EventType::forgery);
    EXPECT_EQ(seen[0].ip, ip("192.0.2.5"));
}

}  // namespace
}  // namespace portal::control::test
