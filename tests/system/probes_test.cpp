// What an operating system sees that looks for a portal: before, during and after.
#include "system/system_test.h"

namespace portal::system_test {
namespace {

class ProbesTest : public FamilyTest {
  protected:
    WebAnswer probe(const std::string& host, const std::string& path) {
        return lab::curl(lab_.client, Guest::url(guest().server(80)) + path.substr(1),
                         {"-H", "Host: " + host});
    }
    WebAnswer android() { return probe("connectivitycheck.gstatic.com", "/generate_204"); }

    Portald portald_{lab_};
};

TEST_P(ProbesTest, LeadToTheSignInPageAndAfterItToTheInternet) {
    const WebAnswer captive = android();
    EXPECT_EQ(captive.status, 302);
    EXPECT_EQ(captive.header("location"), guest().portal());
    EXPECT_EQ(captive.header("content-length"), "0");
    EXPECT_EQ(captive.header("cache-control"), "no-store");
    EXPECT_EQ(captive.header("connection"), "close");
    EXPECT_EQ(captive.body, "");

    // What it opens there, and where that ends: on a page of the portal, not at the probe.
    const WebAnswer done =
        guest().submit(captive.header("location"), "/sign-in", {"method=click-through"});
    EXPECT_EQ(done.status, 303);
    EXPECT_EQ(done.header("location"), "/status");
    const WebAnswer online = android();
    EXPECT_EQ(online.status, 200);
    EXPECT_EQ(online.body, lab::WebServer::kPage);

    ASSERT_EQ(guest().sign_out().status, 303);
    EXPECT_EQ(android().status, 302);
}

TEST_P(ProbesTest, ThatKnow511GetIt) {
    const WebAnswer firefox = probe("detectportal.firefox.com", "/canonical.html");
    EXPECT_EQ(firefox.status, 511);
    EXPECT_EQ(firefox.header("refresh"), "0; url=" + guest().portal());
}

TEST_P(ProbesTest, AllGet511WhenToldSoWithoutARestart) {
    ASSERT_EQ(android().status, 302);
    portald_.write_config({{"portal", "probe_compatibility = false"}});
    ASSERT_EQ(portald_.ctl({"config", "reload"}).exit, 0);
    lab::await("511 for a probe", [&] { return android().status == 511; });
}

PORTAL_BOTH_FAMILIES(ProbesTest);

}  // namespace
}  // namespace portal::system_test
