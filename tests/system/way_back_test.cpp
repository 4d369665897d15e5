// Back to the page that was asked for, and to no other.
#include <csignal>

#include "system/lab/names.h"
#include "system/lab/requirement.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

class WayBackTest : public FamilyTest {
  protected:
    void SetUp() override { asked_for_ = Guest::url(guest().server(80)) + "news"; }

    // The sign-in page that the 511 for `page` leads to.
    std::string login_page(const std::string& page) {
        const std::string refresh = guest().get(page).header("refresh");
        const std::string before = "0; url=";
        EXPECT_TRUE(refresh.starts_with(before)) << refresh;
        return refresh.substr(before.size());
    }
    WebAnswer click_through(const std::string& page) {
        return guest().submit(page, "/sign-in", {"method=click-through"});
    }
    pid_t responder() const {
        return portald_.json({"status"}).at("responder").at("pid").to_number<pid_t>();
    }

    Portald portald_{lab_};
    std::string asked_for_;
};

TEST_P(WayBackTest, LeadsStraightThere) {
    const WebAnswer done = click_through(login_page(asked_for_ + "?secret=1"));
    ASSERT_EQ(done.status, 303);
    ASSERT_EQ(done.header("location"), asked_for_);
    EXPECT_EQ(guest().get(done.header("location")).body, lab::WebServer::kPage);
}

// The other family has another address, and that is another client's as far as a link can tell.
TEST_P(WayBackTest, ALinkOfAnotherAddressLeadsToTheStatusPage) {
    Guest& other = GetParam() == Family::ipv4 ? guest6_ : guest4_;
    std::string link = login_page(asked_for_);
    link.replace(0, guest().portal().size(), other.portal());
    const WebAnswer done = other.submit(link, "/sign-in", {"method=click-through"});
    ASSERT_EQ(done.status, 303);
    EXPECT_TRUE(done.header("location").starts_with("/status?url="));
    const WebAnswer status = other.get(other.portal() + done.header("location").substr(1));
    EXPECT_NE(status.body.find("href=\"" + asked_for_ + "\""), std::string::npos) << status.body;
}

TEST_P(WayBackTest, ALinkOfAThirdPersonLeadsToTheStatusPage) {
    const WebAnswer done = click_through(guest().portal() + "?url=http%3A%2F%2Fevil.example%2F" +
                                         "&seal=" + std::string(64, 'a'));
    ASSERT_EQ(done.status, 303);
    EXPECT_EQ(done.header("location"), "/status?url=http%3A%2F%2Fevil.example%2F");
}

TEST_P(WayBackTest, FormsAndLinksOutliveTheResponder) {
    const std::string page = login_page(asked_for_);
    const WebAnswer form = guest().get(page);
    const auto hidden = [&](const std::string& name) {
        const std::string before = "name=\"" + name + "\" value=\"";
        const std::size_t start = form.body.find(before) + before.size();
        return name + "=" + form.body.substr(start, form.body.find('"', start) - start);
    };
    Process monitor = portald_.monitor();
    const pid_t first = responder();
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    monitor.await_line("started");
    ASSERT_NE(responder(), first);
    const WebAnswer done =
        lab::curl(lab_.client, guest().portal() + "sign-in",
                  {"--data-urlencode", hidden("token"), "--data-urlencode", hidden("url"),
                   "--data-urlencode", hidden("seal"), "--data-urlencode", "method=click-through"});
    EXPECT_EQ(done.status, 303) << done.body;
    EXPECT_EQ(done.header("location"), asked_for_);
}

PORTAL_BOTH_FAMILIES(WayBackTest);

class BrowserWayBackTest : public SystemTest {
  protected:
    void SetUp() override {
        lab::require_program("node");
        lab::require_program("chromium");
    }

    const lab::Names names_{lab_, {{"site.example", kServer4}, {"portal.example.net", kGateway4}}};
    Portald portald_{lab_, {{"portal", "hostname = \"portal.example.net\""}}};
};

// The pages' Content-Security-Policy has a say in where a form may lead.
TEST_F(BrowserWayBackTest, EndsOnThePageThatWasAskedFor) {
    Process script({.command = {"node", CLIENT_SCRIPTS "/way_back.mjs", "http://site.example/news"},
                    .where = &lab_.client});
    const Outcome outcome = script.wait(100s);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "url: http://site.example/news\nstatus: 200\ntext: " +
                               std::string(lab::WebServer::kPage));
}

}  // namespace
}  // namespace portal::system_test
