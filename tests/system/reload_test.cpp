// portalctl config reload: what can be changed while guests are online is, the rest is told.
#include <algorithm>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

class ReloadTest : public SystemTest {
  protected:
    bool lists(const boost::json::value& answer, const char* member, const char* key) const {
        const auto& keys = answer.at(member).as_array();
        return std::ranges::find(keys, boost::json::value(key)) != keys.end();
    }

    Portald portald_{lab_};
};

TEST_F(ReloadTest, AppliesWhatItCanAndTouchesNoSession) {
    ASSERT_EQ(guest4_.click_through().status, 303);
    const auto before = portald_.client(kClientName);
    portald_.write_config({{"session", "timeout = \"2h\""},
                           {"strangers", "allow = [\"203.0.113.80:443\"]"},
                           {"limits", "max_clients = 100"}});
    const boost::json::value answer = portald_.json({"config", "reload"});
    EXPECT_TRUE(lists(answer, "applied", "session.timeout")) << answer;
    EXPECT_TRUE(lists(answer, "applied", "strangers.allow")) << answer;
    EXPECT_TRUE(lists(answer, "needs_restart", "limits.max_clients")) << answer;

    EXPECT_EQ(portald_.client(kClientName).at("expires_at"), before.at("expires_at"));
    EXPECT_TRUE(guest4_.online());
    ASSERT_EQ(guest4_.sign_out().status, 303);
    EXPECT_EQ(lab::reach(lab_.client, {kServer4, 443}), Reach::open);
    EXPECT_EQ(guest4_.get(Guest::url({kServer4, 80})).status, 511);
}

TEST_F(ReloadTest, AWrongFileChangesNothing) {
    const boost::json::value before = portald_.json({"config", "show"});
    portald_.write_config({{"session", "timeout = \"2h\""}, {"portal", "nmae = \"x\""}});
    const Outcome outcome = portald_.ctl({"config", "reload"});
    EXPECT_EQ(outcome.exit, 1);
    EXPECT_NE(outcome.err.find("portald.toml:"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("nmae"), std::string::npos) << outcome.err;
    EXPECT_EQ(portald_.json({"config", "show"}), before);
    EXPECT_TRUE(guest4_.captive());
}

}  // namespace
}  // namespace portal::system_test
