// Sign-in by the venue's own application: the worked example, run on the lab's internet, and a
// guest who follows where he is sent.
#include <sys/stat.h>

#include <boost/json/object.hpp>
#include <ctime>
#include <fstream>
#include <regex>

#include "auth/jwt.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

namespace json = boost::json;

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kApplication = "http://203.0.113.80:8080/wifi";

std::filesystem::path write_secret(const std::filesystem::path& path, std::string_view text,
                                   mode_t mode = 0600) {
    std::ofstream(path) << text << '\n';
    lab::must(::chmod(path.c_str(), mode), path);
    return path;
}

Settings settings_with(const std::filesystem::path& secret) {
    return {{"sign_in", "methods = [\"remote\"]\nattempts_per_hour = 5"},
            {"session", "timeout = \"1h\""},
            {"remote", "url = \"" + kApplication + "\"\nsecret_file = \"" + secret.string() + "\""},
            {"strangers", "allow = [\"203.0.113.80:8080\"]"}};
}

class RemoteTest : public FamilyTest {
  protected:
    RemoteTest() { application_.await_line("listening"); }

    // Where the link of the sign-in page leads in the end: the application's page, with a token.
    std::string sent_to() {
        const WebAnswer front = guest().get(guest().login_page());
        static const std::regex kLink("href=\"(/remote[^\"]*)\"");
        std::smatch link;
        EXPECT_TRUE(std::regex_search(front.body, link, kLink)) << front.body;
        const WebAnswer sent = guest().get(guest().portal() + link[1].str().substr(1));
        EXPECT_EQ(sent.status, 303) << sent.body;
        EXPECT_TRUE(sent.header("location").starts_with(kApplication + "?token="))
            << sent.header("location");
        return sent.header("location");
    }
    static std::string token_of(const std::string& address) {
        return address.substr(address.find("token=") + 6);
    }

    // Fills in the application's page, and returns where its answer sends the guest.
    std::string fill_in(const std::string& address, const std::string& room,
                        const std::string& name) {
        const WebAnswer page = guest().get(address);
        EXPECT_EQ(page.status, 200) << page.error << application_.errors();
        return lab::curl(lab_.client, kApplication,
                         {"--data-urlencode", "token=" + token_of(address), "--data-urlencode",
                          "room=" + room, "--data-urlencode", "name=" + name})
            .header("location");
    }

    // A grant of the application's making, with `claims` besides or instead.
    std::string grant_for(const std::string& address, const json::object& claims = {}) {
        const auto token = auth::verify_jwt(token_of(address), kSecret);
        EXPECT_TRUE(token) << address;
        if (!token) return {};
        const std::int64_t now = std::time(nullptr);
        json::object granted{
            {"iss", kApplication},       {"aud", "xdp-portal"}, {"sub", token->at("sub")},
            {"nonce", token->at("jti")}, {"iat", now},          {"exp", now + 60}};
        for (const auto& claim : claims)
            granted[claim.key()] = claim.value();
        return auth::sign_jwt(granted, kSecret).value();
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

    const std::filesystem::path secret_ = write_secret(lab_.folder() / "remote.secret", kSecret);
    Portald portald_{lab_, settings_with(secret_)};
    Process application_{
        lab::Launch{.command = {"python3", "-B", REMOTE_PORTAL "/remote_portal.py", "--listen",
                                "203.0.113.80:8080", "--url", kApplication, "--secret-file",
                                secret_, "--guests", REMOTE_PORTAL "/guests.csv"},
                    .where = &lab_.internet}};
};

TEST_P(RemoteTest, AGuestIsSentThereAndComesBackOnline) {
    ASSERT_TRUE(guest().captive());
    const std::string address = sent_to();
    EXPECT_EQ(fill_in(address, "12", "Grace Hopper"), "");
    const std::string back = fill_in(address, "12", "Ada Lovelace");
    ASSERT_TRUE(back.starts_with(guest().portal() + "remote/return?grant=")) << back;

    const WebAnswer signed_in = guest().get(back);
    EXPECT_EQ(signed_in.status, 303) << signed_in.body;
    EXPECT_TRUE(signed_in.header("location").starts_with("/status"))
        << signed_in.header("location");
    EXPECT_TRUE(guest4_.online());
    EXPECT_TRUE(guest6_.online());
    const auto client = portald_.client(kClientName);
    EXPECT_EQ(client.at("state"), "authorized");
    EXPECT_EQ(client.at("method"), "remote");
    EXPECT_EQ(client.at("user"), "room-12");
    // The page that signed in, loaded again.
    EXPECT_EQ(guest().get(back).header("location"), "/status");
}

TEST_P(RemoteTest, AReplayedGrantIsRefused) {
    const std::string grant = grant_for(sent_to());
    ASSERT_EQ(bring(grant).status, 303);
    ASSERT_EQ(guest().sign_out().status, 303);
    expect_refused(grant);
    EXPECT_TRUE(guest().captive());
}

TEST_P(RemoteTest, AnExpiredGrantIsRefused) {
    const std::int64_t now = std::time(nullptr);
    expect_refused(grant_for(sent_to(), {{"iat", now - 600}, {"exp", now - 300}}));
}

TEST_P(RemoteTest, ATamperedGrantIsRefused) {
    const std::string grant = grant_for(sent_to());
    std::string tampered = grant;
    char& c = tampered[tampered.find('.') + 5];
    c = c == 'A' ? 'B' : 'A';
    expect_refused(tampered);
    const std::size_t dot = grant.rfind('.');
    expect_refused(grant.substr(0, dot + 1));
    expect_refused("eyJhbGciOiJub25lIn0" + grant.substr(grant.find('.'), dot + 1));
    EXPECT_EQ(bring(grant).status, 303);
}

TEST_P(RemoteTest, ATokenIsNoGrant) {
    expect_refused(token_of(sent_to()));
}

TEST_P(RemoteTest, AGrantIsForItsOwnDevice) {
    const std::string address = sent_to();
    expect_refused(grant_for(address, {{"sub", kOtherName}}));
    const std::string grant = grant_for(address);
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
    const WebAnswer throttled = bring(grant_for(sent_to()));
    EXPECT_EQ(throttled.status, 429);
    EXPECT_NE(throttled.header("retry-after"), "");
    EXPECT_EQ(portald_.state(kClientName), "stranger");
}

TEST_P(RemoteTest, AReloadTakesANewSecret) {
    const std::string old = grant_for(sent_to());
    write_secret(secret_, "another secret of more than 32 bytes");
    ASSERT_EQ(portald_.ctl({"config", "reload"}).exit, 0);
    expect_refused(old);
    // A reload that fails changes nothing.
    write_secret(secret_, "short");
    const Outcome failed = portald_.ctl({"config", "reload"});
    EXPECT_EQ(failed.exit, 1);
    EXPECT_NE(failed.err.find("remote.secret_file"), std::string::npos) << failed.err;
    expect_refused(old);
    EXPECT_EQ(guest().get(guest().portal() + "remote").status, 303);
}

PORTAL_BOTH_FAMILIES(RemoteTest);

class RemoteStartTest : public SystemTest {
  protected:
    void expect_refusal(const Settings& settings, const std::vector<std::string>& words) {
        const Outcome outcome = lab::run_portald(lab_, settings);
        EXPECT_EQ(outcome.exit, 1) << outcome.err;
        for (const std::string& word : words)
            EXPECT_NE(outcome.err.find(word), std::string::npos) << word << " in " << outcome.err;
        EXPECT_EQ(outcome.err.find(kSecret.substr(0, 20)), std::string::npos);
    }
};

TEST_F(RemoteStartTest, WithoutASecretPortaldDoesNotStart) {
    const Settings bare{{"sign_in", "methods = [\"remote\"]"}};
    expect_refusal(bare, {"refused.toml:", "remote.url", "remote.secret_file"});
    const std::filesystem::path file = lab_.folder() / "remote.secret";
    expect_refusal(settings_with(file), {"remote.secret_file", file.string(), "No such file"});
    write_secret(file, kSecret.substr(0, 31));
    expect_refusal(settings_with(file), {"remote.secret_file", file.string(), "31 bytes"});
    write_secret(file, kSecret, 0644);
    expect_refusal(settings_with(file), {"remote.secret_file", file.string(), "open to others"});
    EXPECT_TRUE(guest4_.online());
}

TEST_F(RemoteStartTest, TheApiIsNotServedWithoutACertificate) {
    Settings settings = settings_with(write_secret(lab_.folder() / "remote.secret", kSecret));
    settings["remote"] += "\nlisten = \"203.0.113.1:8443\"";
    expect_refusal(settings, {"remote.listen", "portal.certificate"});
}

}  // namespace
}  // namespace portal::system_test
