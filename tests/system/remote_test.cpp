// Sign-in by the venue's own application: the worked example, run on the lab's internet, and a
// guest who follows where he is sent.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <ctime>
#include <regex>

#include "system/secure_portal.h"
#include "system/system_test.h"
#include "system/venue.h"

namespace portal::system_test {
namespace {

namespace json = boost::json;

// Where the link of the sign-in page leads in the end: the application's page, with a token.
std::string sent_from_sign_in(const Guest& guest) {
    const WebAnswer front = guest.get(guest.login_page());
    static const std::regex kLink("href=\"/(remote[^\"]*)\"");
    std::smatch link;
    EXPECT_TRUE(std::regex_search(front.body, link, kLink)) << front.body << front.error;
    const std::string path = std::regex_replace(link[1].str(), std::regex("&amp;"), "&");
    const WebAnswer sent = guest.get(guest.portal() + path);
    EXPECT_EQ(sent.status, 303) << sent.body;
    EXPECT_TRUE(sent.header("location").starts_with(std::string(Venue::kUrl) + "?token="))
        << sent.header("location");
    return sent.header("location");
}

class RemoteTest : public FamilyTest {
  protected:
    std::string sent_to() { return sent_from_sign_in(guest()); }

    // Fills in the application's page, and returns where its answer sends the guest.
    std::string fill_in(const std::string& address, const std::string& room,
                        const std::string& name) {
        const WebAnswer page = guest().get(address);
        EXPECT_EQ(page.status, 200) << page.error << application_.errors();
        return lab::curl(lab_.client, Venue::kUrl,
                         {"--data-urlencode", "token=" + Venue::token_of(address),
                          "--data-urlencode", "room=" + room, "--data-urlencode", "name=" + name})
            .header("location");
    }
    WebAnswer bring(const std::string& grant) {
        return guest().get(guest().portal() + "remote/return?grant=" + grant);
    }
    void expect_refused(const std::string& grant) {
        const WebAnswer answer = bring(grant);
        EXPECT_EQ(answer.status, 403) << answer.body;
        EXPECT_EQ(answer.body.find(grant), std::string::npos);
        EXPECT_EQ(portald_.state(kClientName), "stranger");
    }

    const Venue venue_{lab_};
    Portald portald_{lab_, venue_.settings()};
    Process application_ = venue_.start();
};

TEST_P(RemoteTest, AGuestIsSentThereAndComesBackOnline) {
    ASSERT_TRUE(guest().captive());
    const std::string address = sent_to();
    EXPECT_EQ(fill_in(address, "12", "Grace Hopper"), "");
    const std::string back = fill_in(address, "12", "Ada Lovelace");
    ASSERT_TRUE(back.starts_with(guest().portal() + "remote/return?grant=")) << back;

    const WebAnswer signed_in = guest().get(back);
    EXPECT_EQ(signed_in.status, 303) << signed_in.body;
    EXPECT_EQ(signed_in.header("location"), Guest::url(guest().server(80)))
        << "not straight to the page that was wanted";
    EXPECT_TRUE(guest4_.online());
    EXPECT_TRUE(guest6_.online());
    const auto client = portald_.client(kClientName);
    EXPECT_EQ(client.at("state"), "authorized");
    EXPECT_EQ(client.at("method"), "remote");
    EXPECT_EQ(client.at("user"), "room-12");
    // The page that signed in, loaded again.
    EXPECT_EQ(guest().get(back).header("location"), "/status");
}

TEST_P(RemoteTest, ALinkOfAThirdPersonLeadsToTheStatusPage) {
    const WebAnswer sent = guest().get(
        guest().portal() + "remote?url=http%3A%2F%2Fevil.example%2F&seal=" + std::string(64, 'a'));
    const WebAnswer back = bring(Venue::grant_for(sent.header("location")));
    ASSERT_EQ(back.status, 303);
    EXPECT_EQ(back.header("location"), "/status?url=http%3A%2F%2Fevil.example%2F");
}

TEST_P(RemoteTest, AReplayedGrantIsRefused) {
    const std::string grant = Venue::grant_for(sent_to());
    ASSERT_EQ(bring(grant).status, 303);
    ASSERT_EQ(guest().sign_out().status, 303);
    expect_refused(grant);
    EXPECT_TRUE(guest().captive());
}

TEST_P(RemoteTest, AnExpiredGrantIsRefused) {
    const std::int64_t now = std::time(nullptr);
    expect_refused(Venue::grant_for(sent_to(), {{"iat", now - 600}, {"exp", now - 300}}));
}

TEST_P(RemoteTest, ATamperedGrantIsRefused) {
    const std::string grant = Venue::grant_for(sent_to());
    std::string tampered = grant;
    char& c = tampered[tampered.find('.') + 5];
    c = c == 'A' ? 'B' : 'A';
    expect_refused(tampered);
    const std::string unsigned_grant = grant.substr(0, grant.rfind('.') + 1);
    expect_refused(unsigned_grant);
    // {"alg":"none"}
    expect_refused("eyJhbGciOiJub25lIn0" + unsigned_grant.substr(grant.find('.')));
    EXPECT_EQ(bring(grant).status, 303);
}

TEST_P(RemoteTest, ATokenIsNoGrant) {
    expect_refused(Venue::token_of(sent_to()));
}

TEST_P(RemoteTest, AGrantIsForItsOwnDevice) {
    const std::string address = sent_to();
    expect_refused(Venue::grant_for(address, {{"sub", kOtherName}}));
    const std::string grant = Venue::grant_for(address);
    // The same host is another device now, and what it holds is still the first one's.
    lab::Lab::ip(lab_.client, "link set dev eth0 address " + kOtherName + "\n");
    lab::Lab::ip(lab_.gateway, "neigh flush dev eth1\n");
    EXPECT_EQ(bring(grant).status, 403);
    EXPECT_EQ(portald_.state(kOtherName), "stranger");
    EXPECT_EQ(portald_.state(kClientName), "stranger");
}

TEST_P(RemoteTest, BadGrantsAreLimited) {
    for (int i = 0; i < 5; ++i)
        expect_refused("a.b.c");
    const WebAnswer throttled = bring(Venue::grant_for(sent_to()));
    EXPECT_EQ(throttled.status, 429);
    EXPECT_NE(throttled.header("retry-after"), "");
    EXPECT_EQ(portald_.state(kClientName), "stranger");
}

TEST_P(RemoteTest, AReloadTakesANewSecret) {
    const std::string old = Venue::grant_for(sent_to());
    venue_.write_secret("another secret of more than 32 bytes");
    ASSERT_EQ(portald_.ctl({"config", "reload"}).exit, 0);
    expect_refused(old);
    // A reload that fails changes nothing.
    venue_.write_secret("short");
    const Outcome failed = portald_.ctl({"config", "reload"});
    EXPECT_EQ(failed.exit, 1);
    EXPECT_NE(failed.err.find("remote.secret_file"), std::string::npos) << failed.err;
    expect_refused(old);
    EXPECT_EQ(guest().get(guest().portal() + "remote").status, 303);
}

PORTAL_BOTH_FAMILIES(RemoteTest);

// The application brings grants by itself, over HTTPS.
class RemoteCallbackTest : public SystemTest {
  protected:
    WebAnswer call(const std::string& grant) {
        const std::string host = std::string(SecurePortal::kName) + ":8443";
        return lab::curl(lab_.internet, "https://" + host + "/v1/grants",
                         {"--cacert", secure_.authority_file(), "--resolve", host + ":203.0.113.1",
                          "--header", "Content-Type: application/json", "--data",
                          json::serialize(json::object{{"grant", grant}})});
    }

    const Venue venue_{lab_};
    SecurePortal secure_{lab_};
    Portald portald_{lab_, secure_.settings({}, venue_.settings("listen = \"203.0.113.1:8443\""))};
    Guest guest_ = secure_.guest(lab_.client, Family::ipv4);
};

TEST_F(RemoteCallbackTest, AGrantSignsItsClientInOnce) {
    const std::string grant = Venue::grant_for(sent_from_sign_in(guest_), {{"user", "room-12"}});
    EXPECT_EQ(call(grant.substr(1)).status, 403);
    EXPECT_EQ(portald_.state(kClientName), "stranger");

    const WebAnswer good = call(grant);
    ASSERT_EQ(good.status, 200) << good.error << good.body;
    EXPECT_EQ(json::parse(good.body).at("client"), json::value(kClientName));
    EXPECT_TRUE(guest_.online());
    EXPECT_EQ(portald_.client(kClientName).at("user"), "room-12");
    EXPECT_EQ(call(grant).status, 409);
    EXPECT_EQ(guest_.get(guest_.portal() + "remote/return?grant=" + grant).header("location"),
              "/status");
}

TEST_F(RemoteCallbackTest, NothingElseIsServedThere) {
    const std::string host = "203.0.113.1:8443";
    EXPECT_EQ(lab::curl(lab_.internet, "https://" + host + "/", {"--insecure"}).status, 404);
    EXPECT_NE(lab::curl(lab_.internet, "http://" + host + "/").exit, 0) << "not without TLS";
}

class RemoteStartTest : public SystemTest {
  protected:
    void expect_refusal(const Settings& settings, const std::vector<std::string>& words) {
        const Outcome outcome = lab::run_portald(lab_, settings);
        EXPECT_EQ(outcome.exit, 1) << outcome.err;
        for (const std::string& word : words)
            EXPECT_NE(outcome.err.find(word), std::string::npos) << word << " in " << outcome.err;
        EXPECT_EQ(outcome.err.find(Venue::kSecret.substr(0, 20)), std::string::npos);
    }
};

TEST_F(RemoteStartTest, WithoutASecretPortaldDoesNotStart) {
    const Settings bare{{"sign_in", "methods = [\"remote\"]"}};
    expect_refusal(bare, {"refused.toml:", "remote.url", "remote.secret_file"});
    const Venue venue(lab_);
    const std::string file = venue.secret_file();
    venue.write_secret(Venue::kSecret.substr(0, 31));
    expect_refusal(venue.settings(), {"remote.secret_file", file, "31 bytes"});
    venue.write_secret(Venue::kSecret, 0644);
    expect_refusal(venue.settings(), {"remote.secret_file", file, "open to others"});
    std::filesystem::remove(file);
    expect_refusal(venue.settings(), {"remote.secret_file", file, "no such file"});
    EXPECT_TRUE(guest4_.online());
}

TEST_F(RemoteStartTest, TheApiIsNotServedWithoutACertificate) {
    const Settings settings = Venue(lab_).settings("listen = \"203.0.113.1:8443\"");
    expect_refusal(settings, {"remote.listen", "portal.certificate"});
}

}  // namespace
}  // namespace portal::system_test
