// The captive portal API over the wire: RFC 8908 as a device asks it.
#include <boost/json/parse.hpp>

#include "system/secure_portal.h"

namespace portal::system_test {
namespace {

class CapportTest : public FamilyTest {
  protected:
    WebAnswer ask(const std::string& accept = "application/captive+json") const {
        return guest_.get(secure_.url("/capport"), {"--header", "Accept: " + accept});
    }
    // What the API says, once the answer is as §5 has it.
    boost::json::object state() const {
        const WebAnswer answer = ask();
        EXPECT_EQ(answer.status, 200) << answer.error;
        EXPECT_EQ(answer.header("content-type"), "application/captive+json");
        EXPECT_EQ(answer.header("cache-control"), "no-store");
        return boost::json::parse(answer.body).as_object();
    }

    SecurePortal secure_{lab_};
    Portald portald_{lab_, secure_.settings("venue_info_url = \"https://www.example.net/venue\"",
                                            {{"session", "timeout = \"1h\""}})};
    Guest guest_ = secure_.guest(lab_.client, GetParam());
};

TEST_P(CapportTest, TellsWhenADeviceIsCaptiveAndWhenNot) {
    const boost::json::object before = state();
    EXPECT_EQ(before.at("captive"), true);
    EXPECT_EQ(before.at("user-portal-url").as_string(), secure_.url());
    EXPECT_EQ(before.at("venue-info-url"), "https://www.example.net/venue");
    EXPECT_FALSE(before.contains("seconds-remaining"));
    EXPECT_FALSE(before.contains("bytes-remaining"));

    ASSERT_EQ(guest_.click_through().status, 303);
    const boost::json::object during = state();
    EXPECT_EQ(during.at("captive"), false);
    const auto left = during.at("seconds-remaining").to_number<int>();
    EXPECT_TRUE(left > 3000 && left <= 3600) << left;
    EXPECT_FALSE(during.contains("bytes-remaining"));

    ASSERT_EQ(guest_.sign_out().status, 303);
    const boost::json::object after = state();
    EXPECT_EQ(after.at("captive"), true);
    EXPECT_FALSE(after.contains("seconds-remaining"));
}

TEST_P(CapportTest, ATrustedDeviceIsNotCaptiveAndHasNoEnd) {
    ASSERT_EQ(portald_.ctl({"client", "trust", kClientName}).exit, 0);
    const boost::json::object trusted = state();
    EXPECT_EQ(trusted.at("captive"), false);
    EXPECT_FALSE(trusted.contains("seconds-remaining"));
}

TEST_P(CapportTest, ABrowserIsLedToThePages) {
    const WebAnswer answer = ask("text/html,application/xhtml+xml,*/*;q=0.8");
    EXPECT_EQ(answer.status, 302);
    EXPECT_EQ(answer.header("location"), secure_.url());
    EXPECT_EQ(answer.header("vary"), "Accept");
    EXPECT_EQ(guest_.get(answer.header("location")).status, 200);
}

TEST_P(CapportTest, IsNotThereWithoutTls) {
    const WebAnswer plain = guest_.get("http://portal.example.net/capport",
                                       {"--header", "Accept: application/captive+json"});
    EXPECT_EQ(plain.status, 302);
    EXPECT_EQ(plain.header("location"), secure_.url("/capport"));
    portald_.write_config({{"portal", "hostname = \"portal.example.net\""}});
    portald_.json({"config", "reload"});
    lab::await("nothing is there",
               [&] { return guest_.get("http://portal.example.net/capport").status == 404; });
}

PORTAL_BOTH_FAMILIES(CapportTest);

}  // namespace
}  // namespace portal::system_test
