// A browser of WebKit's: the nearest that Debian has to the sheet in which Apple's devices show a
// portal.
#include "system/browser.h"

namespace portal::system_test {
namespace {

class WebKitTest : public DeviceTest {
  protected:
    void SetUp() override {
        for (const char* program : {"dnsmasq", "node", "WebKitWebDriver", "Xvfb"})
            lab::require_program(program);
    }
};

TEST_F(WebKitTest, IsLedToTheSignInPageAndOut) {
    const Portald portald(lab_,
                          {{"portal", std::string("hostname = \"") + lab::kPortalName + "\""}});
    const lab::Resolver resolver(lab_);
    Browser browser(lab_.client, "webkit.mjs");
    ASSERT_EQ(browser.next(), "http://www.example.org/ leads to http://portal.test");
    ASSERT_EQ(browser.next(),
              "http://captive.apple.com/hotspot-detect.html leads to http://portal.test");
    ASSERT_EQ(browser.next(), "http://captive.apple.com/hotspot-detect.html is Success");
    EXPECT_EQ(portald.state(kClientName), "authorized");
}

}  // namespace
}  // namespace portal::system_test
