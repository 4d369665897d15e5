#include "dataplane/network.h"

#include <gmock/gmock.h>
#include <net/if.h>
#include <poll.h>

#include <algorithm>

#include "sandbox.h"

namespace portal::dataplane {
namespace {

using test::run;
using test::Sandbox;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

using NetworkTest = Sandbox;

TEST_F(NetworkTest, ListsLinksAndWhatIsStackedOnThem) {
    ASSERT_TRUE(run({"ip", "link", "add", "br0", "type", "bridge"}));
    ASSERT_TRUE(run({"ip", "link", "set", "gw0", "master", "br0"}));
    ASSERT_TRUE(run({"ip", "link", "set", "gw0", "address", "02:00:00:00:00:aa"}));
    const auto links = list_links().value();
    const auto gw0 = std::ranges::find(links, "gw0", &Link::name);
    ASSERT_NE(gw0, links.end());
    EXPECT_EQ(gw0->mac.to_string(), "02:00:00:00:00:aa");
    EXPECT_EQ(stacked_on(links, gw0->index),
              (std::set<unsigned>{gw0->index, if_nametoindex("br0")}));
    EXPECT_EQ(stacked_on(links, if_nametoindex("lo")), std::set<unsigned>{if_nametoindex("lo")});
}

TEST(Vlans, OfWhatIsStackedOnALink) {
    const std::vector<Link> links = {
        {.index = 2, .name = "gw0"},
        {.index = 3, .name = "inner", .lower = 4, .vlan = 200},
        {.index = 4, .name = "tag100", .lower = 2, .master = 5, .vlan = 100},
        {.index = 5, .name = "br0"},
        {.index = 6, .name = "tag300", .lower = 5, .vlan = 300},
        {.index = 7, .name = "other"}};
    EXPECT_EQ(vlans_on(links, 2),
              (std::map<unsigned, std::uint16_t>{{2, 0}, {3, 100}, {4, 100}, {5, 100}, {6, 100}}));
    EXPECT_EQ(vlans_on(links, 4),
              (std::map<unsigned, std::uint16_t>{{3, 200}, {4, 0}, {5, 0}, {6, 300}}));
}

TEST_F(NetworkTest, ListsAddressesOfBothFamilies) {
    ASSERT_TRUE(run({"ip", "address", "add", "192.0.2.1/24", "dev", "gw0"}));
    ASSERT_TRUE(run({"ip", "address", "add", "2001:db8::1/64", "dev", "gw0", "nodad"}));
    const auto addresses = list_addresses().value();
    EXPECT_THAT(addresses,
                Contains(Field(&InterfaceAddress::address, parse_ip_address("192.0.2.1").value())));
    EXPECT_THAT(addresses,
                Contains(Field(&InterfaceAddress::prefix, parse_prefix("192.0.2.0/24").value())));
    EXPECT_THAT(addresses,
                Contains(Field(&InterfaceAddress::prefix, parse_prefix("2001:db8::/64").value())));
}

TEST_F(NetworkTest, PolicyRouteComesAndGoes) {
    const PolicyRoute route = {.mark = 0x511, .mask = 0xffff, .table = 511};
    EXPECT_THAT(missing_policy_route(route).value(), HasSubstr("IPv6 rule"));
    ASSERT_TRUE(add_policy_route(route));
    EXPECT_THAT(missing_policy_route(route).value(), IsEmpty());
    EXPECT_TRUE(add_policy_route(route)) << "adding twice is no error";
    ASSERT_TRUE(run({"ip", "-6", "rule", "delete", "priority", "511"}));
    EXPECT_EQ(missing_policy_route(route).value(), "the IPv6 rule");
    ASSERT_TRUE(add_policy_route(route));
    ASSERT_TRUE(remove_policy_route(route));
    EXPECT_TRUE(remove_policy_route(route)) << "removing twice is no error";
    EXPECT_THAT(missing_policy_route(route).value(), HasSubstr("IPv4 rule"));
}

TEST_F(NetworkTest, PolicyRouteIsIPv4sAloneWithoutIPv6) {
    ASSERT_TRUE(run({"sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"}));
    const PolicyRoute route;
    ASSERT_TRUE(add_policy_route(route));
    EXPECT_THAT(missing_policy_route(route).value(), IsEmpty());
    EXPECT_TRUE(remove_policy_route(route));
}

TEST_F(NetworkTest, WatchTellsOfChanges) {
    const auto watch = watch_network();
    ASSERT_TRUE(watch);
    drain_network_watch(watch->get());
    EXPECT_FALSE(drain_network_watch(watch->get()));
    ASSERT_TRUE(run({"ip", "address", "add", "192.0.2.1/24", "dev", "gw0"}));
    pollfd ready = {watch->get(), POLLIN, 0};
    EXPECT_EQ(poll(&ready, 1, 5000), 1);
    EXPECT_TRUE(drain_network_watch(watch->get()));
}

TEST_F(NetworkTest, SetsAndReadsSysctls) {
    ASSERT_TRUE(write_sysctl("gw0", "accept_local", "1"));
    EXPECT_EQ(read_sysctl("gw0", "accept_local").value(), "1");
    EXPECT_FALSE(write_sysctl("absent0", "accept_local", "1"));
}

TEST_F(NetworkTest, KeepsVlanTagsInTheFrame) {
    EXPECT_TRUE(keep_vlan_tags("gw0").value());
}

}  // namespace
}  // namespace portal::dataplane
