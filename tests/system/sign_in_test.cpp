// A guest's story: captive, signed in, open, signed out, captive.
#include <algorithm>
#include <set>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

class SignInTest : public FamilyTest {
  protected:
    Portald portald_{lab_,
                     {{"sign_in", "methods = [\"click-through\", \"password\"]"},
                      {"session", "timeout = \"1h\"\nidle_timeout = \"10m\""}}};
};

TEST_P(SignInTest, AStrangersPort80IsAnsweredWith511) {
    const WebAnswer answer = guest().get(Guest::url(guest().server(80)));
    EXPECT_EQ(answer.status_line, "HTTP/1.1 511 Network Authentication Required");
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_EQ(answer.header("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(answer.header("content-length"), std::to_string(answer.body.size()));
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_TRUE(answer.header("refresh").starts_with("0; url=" + guest().portal()))
        << answer.header("refresh");
    const std::string policy = answer.header("content-security-policy");
    for (const char* part :
         {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"})
        EXPECT_NE(policy.find(part), std::string::npos) << policy;
    // What would act on the site that was asked for, not on us.
    const std::set<std::string> foreign{
        "set-cookie", "www-authenticate", "location", "strict-transport-security",
        "alt-svc",    "clear-site-data",  "etag",     "last-modified",
        "expires"};
    for (const auto& [name, value] : answer.headers)
        EXPECT_FALSE(foreign.contains(name)) << name << ": " << value;
    EXPECT_NE(answer.body.find("href=\"" + guest().portal()), std::string::npos) << answer.body;
}

TEST_P(SignInTest, AStrangersPort443DoesNotAnswer) {
    const std::uint64_t before = portald_.packets("https");
    EXPECT_EQ(lab::reach(lab_.client, guest().server(443)), Reach::silent);
    EXPECT_GT(portald_.packets("https"), before);
}

TEST_P(SignInTest, ClickThroughOpensBothFamiliesAndSignOutClosesThem) {
    ASSERT_TRUE(guest4_.captive());
    ASSERT_TRUE(guest6_.captive());

    const WebAnswer signed_in = guest().click_through();
    ASSERT_EQ(signed_in.status, 303) << signed_in.body;
    EXPECT_EQ(signed_in.header("location"), Guest::url(guest().server(80)));
    EXPECT_EQ(portald_.state(kClientName), "authorized");
    EXPECT_TRUE(guest4_.online());
    EXPECT_TRUE(guest6_.online());

    const WebAnswer status = guest().get(guest().portal() + "status");
    EXPECT_EQ(status.status, 200);
    EXPECT_NE(status.body.find("You are online"), std::string::npos) << status.body;

    EXPECT_EQ(guest().sign_out().status, 303);
    EXPECT_EQ(portald_.state(kClientName), "stranger");
    EXPECT_TRUE(guest4_.captive());
    EXPECT_TRUE(guest6_.captive());
}

TEST_P(SignInTest, APasswordOpensForTheUserWhoseItIs) {
    ASSERT_EQ(portald_.ctl({"user", "add", "alice"}, "correct horse\n").exit, 0);

    const WebAnswer wrong = guest().sign_in("alice", "battery staple");
    EXPECT_EQ(wrong.status, 403);
    EXPECT_NE(wrong.body.find("password is wrong"), std::string::npos) << wrong.body;
    EXPECT_TRUE(guest().captive());

    EXPECT_EQ(guest().sign_in("bob", "correct horse").status, 403);
    ASSERT_EQ(guest().sign_in("alice", "correct horse").status, 303);
    EXPECT_TRUE(guest().online());
    const auto client = portald_.client(kClientName);
    EXPECT_EQ(client.at("user"), "alice");
    EXPECT_EQ(client.at("method"), "password");
}

TEST_P(SignInTest, AFormWithoutItsTokenIsRefused) {
    const WebAnswer answer = lab::curl(lab_.client, guest().portal() + "sign-in",
                                       {"--data", "method=click-through&token=00"});
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(portald_.state(kClientName), "stranger");
}

TEST_P(SignInTest, ClientShowTellsTheSession) {
    ASSERT_EQ(guest().click_through().status, 303);
    ASSERT_TRUE(guest().online());
    const auto client = portald_.client(kClientName);
    const std::vector<std::string> members{
        "mac",        "vlan",           "state",     "ip",
        "user",       "method",         "policy",    "signed_in_at",
        "expires_at", "idle_timeout_s", "rx_bytes",  "rx_packets",
        "tx_bytes",   "tx_packets",     "last_seen", "interface"};
    EXPECT_EQ(client.size(), members.size());
    for (const std::string& member : members)
        EXPECT_TRUE(client.contains(member)) << member;
    EXPECT_EQ(client.at("mac").as_string(), kClientName);
    EXPECT_EQ(client.at("vlan"), 0);
    EXPECT_EQ(client.at("state"), "authorized");
    EXPECT_EQ(client.at("method"), "click-through");
    EXPECT_TRUE(client.at("user").is_null());
    EXPECT_EQ(client.at("policy"), "default");
    EXPECT_EQ(client.at("idle_timeout_s"), 600);
    EXPECT_EQ(client.at("interface"), "eth1");
    const std::string address =
        guest().server(80).address.is_v4() ? kClient4.to_string() : kClient6.to_string();
    const auto& addresses = client.at("ip").as_array();
    EXPECT_NE(std::ranges::find(addresses, boost::json::value(address)), addresses.end());
    EXPECT_TRUE(client.at("signed_in_at").as_string().ends_with("Z"));
    EXPECT_TRUE(client.at("last_seen").is_string());
    // Two small pages: their packets both ways, and no others.
    EXPECT_GE(client.at("rx_packets").to_number<std::uint64_t>(), 8u);
    EXPECT_GE(client.at("tx_packets").to_number<std::uint64_t>(), 6u);
    EXPECT_GE(client.at("rx_bytes").to_number<std::uint64_t>(), 500u);
    EXPECT_LT(client.at("rx_bytes").to_number<std::uint64_t>(), 20'000u);
}

TEST_P(SignInTest, EventsTellOfIt) {
    Process monitor = portald_.monitor();
    ASSERT_EQ(guest().click_through().status, 303);
    const std::string sign_in = monitor.await_line("\"sign_in\"");
    EXPECT_NE(sign_in.find(kClientName), std::string::npos) << sign_in;
    EXPECT_NE(sign_in.find("click-through"), std::string::npos) << sign_in;
    ASSERT_EQ(guest().sign_out().status, 303);
    EXPECT_NE(monitor.await_line("\"sign_out\"").find(kClientName), std::string::npos);
}

PORTAL_BOTH_FAMILIES(SignInTest);

}  // namespace
}  // namespace portal::system_test
