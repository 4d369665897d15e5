// portalctl client, on real traffic.
#include <boost/json/serialize.hpp>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

class ClientCommandsTest : public FamilyTest {
  protected:
    Outcome client(const std::string& verb, const std::string& name = kClientName,
                   std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"client", verb, name});
        return portald_.ctl(more);
    }

    Portald portald_{lab_};
};

TEST_P(ClientCommandsTest, AuthorizeOpensForAClientNeverSeen) {
    ASSERT_EQ(client("authorize").exit, 0);
    EXPECT_TRUE(guest().online());
    ASSERT_EQ(client("deauthorize").exit, 0);
    EXPECT_TRUE(guest().captive());
}

TEST_P(ClientCommandsTest, AuthorizeAgainRenewsAndKeepsTheCounters) {
    ASSERT_EQ(client("authorize", kClientName, {"--timeout", "1h", "--user", "alice"}).exit, 0);
    ASSERT_TRUE(guest().online());
    const auto first = portald_.client(kClientName);
    ASSERT_EQ(client("authorize", kClientName, {"--timeout", "2h"}).exit, 0);
    const auto second = portald_.client(kClientName);
    EXPECT_GT(second.at("expires_at").as_string(), first.at("expires_at").as_string());
    EXPECT_EQ(second.at("signed_in_at"), first.at("signed_in_at"));
    EXPECT_EQ(second.at("user"), "alice");
    EXPECT_GE(second.at("rx_packets").to_number<std::uint64_t>(),
              first.at("rx_packets").to_number<std::uint64_t>());
}

TEST_P(ClientCommandsTest, BlockShutsEvenThePortal) {
    ASSERT_TRUE(guest().captive());
    ASSERT_EQ(client("authorize").exit, 0);
    ASSERT_EQ(client("block").exit, 0);
    EXPECT_EQ(portald_.state(kClientName), "blocked");
    EXPECT_EQ(lab::reach(lab_.client, guest().gateway(80)), Reach::silent);
    EXPECT_EQ(lab::reach(lab_.client, guest().server(80)), Reach::silent);
    EXPECT_EQ(client("authorize").exit, 1);
    ASSERT_EQ(client("unblock").exit, 0);
    EXPECT_EQ(portald_.state(kClientName), "stranger");
    EXPECT_TRUE(guest().captive());
}

TEST_P(ClientCommandsTest, TrustOpensWithoutASession) {
    ASSERT_EQ(client("trust").exit, 0);
    EXPECT_EQ(portald_.state(kClientName), "trusted");
    EXPECT_TRUE(portald_.client(kClientName).at("expires_at").is_null());
    EXPECT_TRUE(guest().online());
    ASSERT_EQ(client("untrust").exit, 0);
    EXPECT_TRUE(guest().captive());
}

TEST_P(ClientCommandsTest, WhatIsNotThereIsRefused) {
    for (const char* verb : {"deauthorize", "unblock", "untrust"}) {
        const Outcome outcome = client(verb);
        EXPECT_EQ(outcome.exit, 1) << verb;
        EXPECT_NE(outcome.err.find(kClientName), std::string::npos) << verb << outcome.err;
    }
    EXPECT_EQ(client("show", "02:00:00:00:00:99").exit, 1);
}

TEST_P(ClientCommandsTest, AStationThatAskedIsShownAsAStranger) {
    EXPECT_EQ(guest().get(Guest::url(guest().server(80))).status, 511);
    const auto client = portald_.client(kClientName);
    EXPECT_EQ(client.at("state"), "stranger");
    EXPECT_EQ(client.at("interface"), "eth1");
    for (const char* absent : {"user", "method", "policy", "signed_in_at", "expires_at"})
        EXPECT_TRUE(client.at(absent).is_null()) << absent;
}

PORTAL_BOTH_FAMILIES(ClientCommandsTest);

class RefusalTest : public SystemTest {
  protected:
    // Everything a refused command must leave as it is.
    std::string everything() const {
        return boost::json::serialize(portald_.json({"client", "show"})) +
               boost::json::serialize(portald_.json({"garden", "show"})) +
               boost::json::serialize(portald_.json({"user", "show"}));
    }

    Portald portald_{lab_, {{"limits", "max_clients = 8"}}};
};

TEST_F(RefusalTest, BadMacsAndTimeoutsChangeNothing) {
    const std::string before = everything();
    for (const char* mac :
         {"", "02:00:00:00:00", "02:00:00:00:00:01:02", "02:00:00:00:00:0g", "020000000001",
          "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "02:00:00:00:00:01@4095",
          "02:00:00:00:00:01@-1", "02:00:00:00:00:01@x", "02:00:00:00:00:01@", "../status"}) {
        const Outcome outcome = portald_.ctl({"client", "authorize", mac});
        EXPECT_EQ(outcome.exit, 1) << mac << outcome.out;
        EXPECT_FALSE(outcome.err.empty()) << mac;
    }
    for (const char* timeout :
         {"0", "-1", "-1h", "1000000000h", "99999999999999999999s", "8", "1.5h", "h", "", "8 h"}) {
        const Outcome outcome =
            portald_.ctl({"client", "authorize", kClientName, std::string("--timeout=") + timeout});
        EXPECT_TRUE(outcome.exit == 1 || outcome.exit == 2) << timeout << outcome.out;
        EXPECT_FALSE(outcome.err.empty()) << timeout;
    }
    EXPECT_EQ(portald_.ctl({"client", "authorize", kClientName, "--policy", "gold"}).exit, 1);
    EXPECT_EQ(portald_.ctl({"client", "authorize", kGatewayMac.to_string()}).exit, 1);
    EXPECT_EQ(everything(), before);
    EXPECT_TRUE(guest4_.captive());
}

TEST_F(RefusalTest, AFullTableRefusesTheNextAndKeepsTheRest) {
    const auto mac = [](int number) { return "02:00:00:00:10:0" + std::to_string(number); };
    for (int i = 0; i < 8; ++i)
        ASSERT_EQ(portald_.ctl({"client", "authorize", mac(i)}).exit, 0) << i;
    const Outcome full = portald_.ctl({"client", "authorize", kClientName});
    EXPECT_EQ(full.exit, 1);
    EXPECT_NE(full.err.find("8"), std::string::npos) << full.err;
    EXPECT_EQ(guest4_.click_through().status, 500);
    EXPECT_TRUE(guest4_.captive());
    for (int i = 0; i < 8; ++i)
        EXPECT_EQ(portald_.state(mac(i)), "authorized") << i;

    ASSERT_EQ(portald_.ctl({"client", "deauthorize", mac(0)}).exit, 0);
    EXPECT_EQ(guest4_.click_through().status, 303);
    EXPECT_TRUE(guest4_.online());
}

TEST_F(RefusalTest, ExitStatuses) {
    EXPECT_EQ(portald_.ctl({"status"}).exit, 0);
    EXPECT_EQ(portald_.ctl({"client", "list"}).exit, 0);
    EXPECT_EQ(portald_.ctl({"client", "deauthorize", kClientName}).exit, 1);
    const Outcome refused = portald_.ctl({"--json", "client", "deauthorize", kClientName});
    EXPECT_EQ(refused.exit, 1);
    EXPECT_TRUE(refused.out.starts_with("{\"error\":")) << refused.out;
    for (const std::vector<std::string>& words : {std::vector<std::string>{"nonsense"},
                                                  {"client", "nonsense"},
                                                  {"client", "authorize"},
                                                  {"status", "show", "more"},
                                                  {"--nonsense"},
                                                  {"client", "authorize", "--timeout"}}) {
        const Outcome usage = portald_.ctl(words);
        EXPECT_EQ(usage.exit, 2) << words.front();
        EXPECT_FALSE(usage.err.empty()) << words.front();
    }
    portald_.stop();
    const Outcome unreachable = portald_.ctl({"status"});
    EXPECT_EQ(unreachable.exit, 3);
    EXPECT_NE(unreachable.err.find("portald.sock"), std::string::npos) << unreachable.err;
}

}  // namespace
}  // namespace portal::system_test
