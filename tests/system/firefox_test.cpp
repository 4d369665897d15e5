// Firefox on a guest's laptop: that it finds the portal by itself, that its way to the sign-in
// page is the portal's, and that it knows when the guest is in.
#include "system/browser.h"

namespace portal::system_test {
namespace {

class FirefoxTest : public DeviceTest {
  protected:
    void SetUp() override {
        for (const char* program : {"dnsmasq", "node", "firefox-esr"})
            lab::require_program(program);
    }
};

TEST_F(FirefoxTest, FindsThePortalSignsInAndFindsItAgain) {
    const Portald portald(lab_,
                          {{"portal", std::string("hostname = \"") + lab::kPortalName + "\""}});
    const lab::Resolver resolver(lab_);
    Browser firefox(lab_.client, "firefox.mjs");
    ASSERT_EQ(firefox.next(), "state LOCKED_PORTAL");
    ASSERT_EQ(firefox.next(), "notification shown");
    ASSERT_EQ(firefox.next(), "page http://portal.test");
    ASSERT_EQ(firefox.next(), "success captive-portal-login-success");
    EXPECT_EQ(portald.state(kClientName), "authorized");
    ASSERT_EQ(firefox.next(), "state UNLOCKED_PORTAL");
    ASSERT_EQ(firefox.next(), "notification gone");

    ASSERT_EQ(portald.ctl({"client", "deauthorize", kClientName}).exit, 0);
    ASSERT_EQ(firefox.next(), "state LOCKED_PORTAL");
    ASSERT_EQ(firefox.next(), "notification shown");
}

}  // namespace
}  // namespace portal::system_test
