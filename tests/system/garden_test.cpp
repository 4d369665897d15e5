// The walled garden: opened and shut to strangers while portald runs.
#include "system/system_test.h"

namespace portal::system_test {
namespace {

class GardenTest : public FamilyTest {
  protected:
    bool opens(std::uint16_t port) {
        return lab::reach(lab_.client, guest().server(port)) == Reach::open;
    }
    std::string network() const {
        return GetParam() == Family::ipv4 ? "203.0.113.0/24" : "2001:db8:ffff::/64";
    }

    Portald portald_{lab_, {{"strangers", "allow = [\"198.51.100.0/24\"]"}}};
};

TEST_P(GardenTest, AWholePrefix) {
    ASSERT_FALSE(opens(443));
    ASSERT_EQ(portald_.ctl({"garden", "add", network()}).exit, 0);
    EXPECT_TRUE(opens(443));
    EXPECT_EQ(guest().get(Guest::url(guest().server(80))).status, 200);
    EXPECT_EQ(portald_.state(kClientName), "stranger");
    ASSERT_EQ(portald_.ctl({"garden", "delete", network()}).exit, 0);
    EXPECT_FALSE(opens(443));
    EXPECT_EQ(guest().get(Guest::url(guest().server(80))).status, 511);
}

TEST_P(GardenTest, OnePort) {
    ASSERT_EQ(portald_.ctl({"garden", "add", network(), "--port", "443/tcp"}).exit, 0);
    EXPECT_TRUE(opens(443));
    EXPECT_EQ(guest().get(Guest::url(guest().server(80))).status, 511);
    ASSERT_EQ(portald_.ctl({"garden", "delete", network(), "--port", "443/tcp"}).exit, 0);
    EXPECT_FALSE(opens(443));
}

TEST_P(GardenTest, OutlivesARestart) {
    ASSERT_EQ(portald_.ctl({"garden", "add", network(), "--port", "443/tcp"}).exit, 0);
    portald_.kill();
    EXPECT_TRUE(opens(443));
    portald_.start();
    EXPECT_TRUE(opens(443));
}

TEST_P(GardenTest, Refusals) {
    ASSERT_EQ(portald_.ctl({"garden", "add", network()}).exit, 0);
    EXPECT_EQ(portald_.ctl({"garden", "add", network()}).exit, 1);
    EXPECT_EQ(portald_.ctl({"garden", "delete", "192.0.2.64/26"}).exit, 1);
    // What the configuration opens, only the configuration shuts.
    EXPECT_EQ(portald_.ctl({"garden", "delete", "198.51.100.0/24"}).exit, 1);
    for (const char* prefix : {"203.0.113.1/24", "203.0.113.0/33", "2001:db8::/129", "nonsense"})
        EXPECT_EQ(portald_.ctl({"garden", "add", prefix}).exit, 1) << prefix;
    for (const char* port : {"0/tcp", "65536/tcp", "443/icmp", "tcp/443", ""})
        EXPECT_EQ(
            portald_.ctl({"garden", "add", "192.0.2.64/26", std::string("--port=") + port}).exit, 1)
            << port;
}

PORTAL_BOTH_FAMILIES(GardenTest);

}  // namespace
}  // namespace portal::system_test
