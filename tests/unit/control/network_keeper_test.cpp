#include "control/network_keeper.h"

#include <gmock/gmock.h>

#include <set>

#include "control/doctor.h"
#include "fakes.h"

namespace portal::control::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class NetworkKeeperTest : public testing::Test {
  protected:
    NetworkKeeperTest() {
        host.all_links = {
            {.index = 1, .name = "lo"},
            {.index = 2, .name = "eth0", .mac = client(0xa0).mac},
            {.index = 3, .name = "eth1", .mac = client(0xa1).mac},
            {.index = 4, .name = "eth1.100", .mac = client(0xa1).mac, .lower = 3, .vlan = 100}};
        host.all_addresses = {{2, prefix("203.0.113.0/24"), ip("203.0.113.1")},
                              {3, prefix("192.0.2.0/24"), ip("192.0.2.1")},
                              {3, prefix("fe80::/64"), ip("fe80::1")},
                              {3, prefix("2001:db8::/64"), ip("2001:db8::1")},
                              {4, prefix("198.51.100.0/24"), ip("198.51.100.1")}};
    }

    std::string roles_of(std::string_view address) const {
        for (const auto& role : gate.addresses)
            if (role.address == ip(address))
                return std::string(role.gateway ? "g" : "") + (role.portal ? "p" : "") +
                       (role.resolver ? "r" : "");
        return "none";
    }
    dataplane::Link& eth1() { return host.all_links.at(2); }

    FakeGate gate;
    FakeHost host;
    FakeClock clock;
    EventBus bus;
    Listener events{bus};
    NetworkKeeper keeper{gate, host, clock, bus, {{"eth1"}, {}, {}}};
};

TEST_F(NetworkKeeperTest, StartsWithEverythingInPlace) {
    std::set<Mac> macs;
    keeper.on_topology([&](const Topology& topology) { macs = topology.gateway_macs(); });
    ASSERT_TRUE(keeper.start());
    EXPECT_THAT(gate.attached, ElementsAre("eth1"));
    EXPECT_EQ(gate.links.at(3).mac, eth1().mac);
    EXPECT_EQ(roles_of("203.0.113.1"), "g");
    EXPECT_EQ(roles_of("192.0.2.1"), "gpr");
    EXPECT_EQ(roles_of("198.51.100.1"), "gpr");
    EXPECT_EQ(host.routes_added, 1);
    EXPECT_EQ(host.sysctls.at("eth1.accept_local"), "1");
    EXPECT_EQ(host.sysctls.at("eth1.100.accept_local"), "1");
    EXPECT_FALSE(host.sysctls.contains("eth0.accept_local"));
    EXPECT_THAT(macs, ElementsAre(eth1().mac));
    EXPECT_THAT(events.types(), ElementsAre(EventType::program_attached));
}

TEST_F(NetworkKeeperTest, ConfiguredResolversReplaceTheGateways) {
    ASSERT_TRUE(keeper.start());
    ASSERT_TRUE(keeper.set_services({ip("9.9.9.9"), ip("203.0.113.1")}, false));
    EXPECT_EQ(roles_of("192.0.2.1"), "gp");
    EXPECT_EQ(roles_of("9.9.9.9"), "r");
    EXPECT_EQ(roles_of("203.0.113.1"), "gr");
    gate.failing = true;
    EXPECT_FALSE(keeper.set_services({}, false));
    gate.failing = false;
    host.all_addresses.clear();
    keeper.refresh();
    EXPECT_EQ(roles_of("9.9.9.9"), "r");
}

TEST_F(NetworkKeeperTest, AMissingInterfaceIsAnErrorAtStart) {
    NetworkKeeper other(gate, host, clock, bus, {{"eth1", "wlan7"}, {}, {}});
    const Status started = other.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, ErrorCode::not_found);
    EXPECT_THAT(started.error().what, testing::HasSubstr("wlan7"));
    EXPECT_THAT(gate.attached, IsEmpty());
}

TEST_F(NetworkKeeperTest, StrippedTagsAreRefusedWhereThereAreVlans) {
    host.keeps_tags = false;
    const Status started = keeper.start();
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().what, testing::HasSubstr("VLAN"));
    host.all_links.pop_back();
    EXPECT_TRUE(keeper.start());
}

TEST_F(NetworkKeeperTest, LinksAreThoseOfTheClientsSide) {
    ASSERT_TRUE(keeper.start());
    EXPECT_EQ(gate.links.at(4), (dataplane::ClientLink{4, 3, eth1().mac}));
    EXPECT_FALSE(gate.links.contains(2)) << "the uplink is no client's";
}

TEST_F(NetworkKeeperTest, MembersOfABondAreTheBond) {
    eth1().aggregates = true;
    host.all_links.push_back({.index = 5, .name = "port0", .mac = client(0xa2).mac, .master = 3});
    ASSERT_TRUE(keeper.start());
    EXPECT_EQ(gate.links.at(5).home, 3U);
    eth1().aggregates = false;
    keeper.refresh();
    EXPECT_FALSE(gate.links.contains(5)) << "a bridge's ports are the bridge's own matter";
}

TEST_F(NetworkKeeperTest, AnInterfaceMayGoAndComeBack) {
    ASSERT_TRUE(keeper.start());
    (void)events.take();
    const auto links = host.all_links;
    host.all_links.resize(2);
    keeper.refresh();
    keeper.refresh();
    EXPECT_THAT(events.types(), ElementsAre(EventType::program_detached));
    host.all_links = links;
    eth1().index = 9;
    keeper.refresh();
    EXPECT_EQ(gate.attempts, 2);
    EXPECT_EQ(gate.links.at(9).mac, eth1().mac);
    EXPECT_THAT(events.types(), ElementsAre(EventType::program_attached));
}

TEST_F(NetworkKeeperTest, AChangedMacAddressIsNoClients) {
    ASSERT_TRUE(keeper.start());
    eth1().mac = client(0xb1).mac;
    keeper.refresh();
    EXPECT_EQ(gate.links.at(3).mac, client(0xb1).mac);
}

TEST_F(NetworkKeeperTest, WhatOthersTakeAwayIsPutBack) {
    ASSERT_TRUE(keeper.start());
    (void)events.take();
    keeper.check();
    EXPECT_EQ(gate.attempts, 1);
    gate.attached.clear();
    gate.failing = true;
    keeper.check();
    keeper.check();
    const auto seen = events.take();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EventType::program_detached);
    EXPECT_EQ(seen[0].interface, "eth1");
    EXPECT_THAT(*seen[0].detail, testing::HasSubstr("qdisc"));
    gate.failing = false;
    keeper.check();
    EXPECT_THAT(gate.attached, ElementsAre("eth1"));
    EXPECT_THAT(events.types(), ElementsAre(EventType::program_attached));
    host.missing_route = "rule";
    keeper.refresh();
    EXPECT_EQ(host.routes_added, 2);
}

TEST_F(NetworkKeeperTest, TlsIsOnThePortalsAddresses) {
    ASSERT_TRUE(keeper.start());
    const auto secure = [&] {
        std::set<IpAddress> addresses;
        for (const auto& role : gate.addresses)
            if (role.https) addresses.insert(role.address);
        return addresses;
    };
    EXPECT_THAT(secure(), IsEmpty());
    ASSERT_TRUE(keeper.set_services({ip("9.9.9.9")}, true));
    std::set<IpAddress> portals;
    for (const auto& role : gate.addresses)
        if (role.portal) portals.insert(role.address);
    EXPECT_FALSE(portals.empty());
    EXPECT_EQ(secure(), portals);
    keeper.refresh();
    EXPECT_EQ(secure(), portals);
    ASSERT_TRUE(keeper.set_services({}, false));
    EXPECT_THAT(secure(), IsEmpty());
}

TEST_F(NetworkKeeperTest, ThePortalsAddressIsTheOneTheClientReachesBest) {
    ASSERT_TRUE(keeper.start());
    const Topology& topology = keeper.topology();
    EXPECT_EQ(topology.portal_address(3, ip("192.0.2.7")), ip("192.0.2.1"));
    EXPECT_EQ(topology.portal_address(3, ip("198.51.100.7")), ip("198.51.100.1"));
    EXPECT_EQ(topology.portal_address(3, ip("2001:db8:1::7")), ip("2001:db8::1"));
    EXPECT_EQ(topology.portal_address(3, ip("fe80::7")), ip("fe80::1"));
    EXPECT_EQ(topology.portal_address(1, ip("192.0.2.7")), std::nullopt);
    EXPECT_TRUE(topology.is_portal_address(ip("198.51.100.1")));
    EXPECT_FALSE(topology.is_portal_address(ip("203.0.113.1")));
}

TEST_F(NetworkKeeperTest, TheGateKnowsTheGatewayInEachNetwork) {
    host.all_addresses.push_back({3, prefix("192.0.2.0/24"), ip("192.0.2.200")});
    ASSERT_TRUE(keeper.start());
    using Network = dataplane::LinkNetwork;
    EXPECT_THAT(gate.networks,
                UnorderedElementsAre(Network{3, 0, prefix("192.0.2.0/24"), ip("192.0.2.1")},
                                     Network{3, 0, prefix("fe80::/64"), ip("fe80::1")},
                                     Network{3, 0, prefix("2001:db8::/64"), ip("2001:db8::1")},
                                     Network{3, 100, prefix("198.51.100.0/24"),
                                             ip("198.51.100.1")}));
}

class DoctorTest : public NetworkKeeperTest {
  protected:
    // The names of the checks that fail.
    std::vector<std::string> complaints() {
        std::vector<std::string> names;
        for (const Check& check : examine({gate, host, keeper, clock, responder, user, store, tls,
                                           "portal.example.net", "/dev/null"})) {
            EXPECT_EQ(check.ok, check.cure.empty()) << check.name;
            EXPECT_FALSE(check.detail.empty()) << check.name;
            if (!check.ok) names.push_back(check.name);
        }
        return names;
    }

    ResponderState responder{.pid = 1};
    std::string user = "xdp-portal";
    std::filesystem::path store = "/dev/null";
    std::optional<ipc::Tls> tls;
};

TEST_F(DoctorTest, FindsNothingWhereAllIsWell) {
    host.sysctls["all.forwarding"] = "1";
    host.sysctls["all.src_valid_mark"] = "1";
    ASSERT_TRUE(keeper.start());
    EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(DoctorTest, FindsEachFault) {
    ASSERT_TRUE(keeper.start());
    EXPECT_THAT(complaints(), ElementsAre("forwarding:ipv4"));
    host.sysctls["all.forwarding"] = "1";

    gate.attached.clear();
    EXPECT_THAT(complaints(), ElementsAre("attached:eth1:xdp"));
    gate.attached.insert("eth1");

    host.missing_route = "the rule";
    EXPECT_THAT(complaints(), ElementsAre("policy_route"));
    host.missing_route.clear();

    host.sysctls["eth1.accept_local"] = "0";
    host.sysctls["eth1.src_valid_mark"] = "1";
    EXPECT_THAT(complaints(), ElementsAre("accept_local:eth1", "src_valid_mark:eth1"));
    host.sysctls["eth1.accept_local"] = "1";

    responder.pid.reset();
    user = "nobody";
    store = "/nonexistent/portal.db";
    clock.wall_time = WallTime{};
    EXPECT_THAT(complaints(), ElementsAre("responder", "responder_user", "store", "clock"));
}

TEST_F(DoctorTest, FindsMissingAddresses) {
    host.sysctls["all.forwarding"] = "1";
    host.all_addresses.clear();
    ASSERT_TRUE(keeper.start());
    EXPECT_THAT(complaints(), ElementsAre("address:eth1", "resolver"));
}

}  // namespace

}  // namespace portal::control::test
