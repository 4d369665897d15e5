// Who gets how much: by list, by name, and when the configuration changes.
#include <ctime>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

const std::string kLists = "click-through = [\"tagged\", \"untagged\"]";

// Two hours of the day, the first so many hours after the one it is.
std::string hours_after(int hours) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    const auto shown = [&](int more) {
        const std::string hour = std::to_string((local.tm_hour + hours + more) % 24);
        return std::string(hour.size() < 2 ? "0" : "") + hour + ":00";
    };
    return shown(0) + "-" + shown(2);
}

Settings settings() {
    return {{"sign_in", "methods = [\"click-through\", \"password\", \"voucher\"]"},
            {"sign_in.policies", kLists},
            {"policies.tagged", "vlans = [100, \"200-299\"]\ndown = \"5Mbit\""},
            {"policies.untagged", "vlans = [0]\ndown = \"20Mbit\"\nquota = \"5GB\""},
            {"policies.staff", "devices = 1\ntimeout = \"12h\""},
            {"policies.night", "hours = \"" + hours_after(3) + "\""}};
}

class PolicyTest : public FamilyTest {
  protected:
    // The same computer goes on as another device.
    void become(const Mac& mac) {
        lab::Lab::ip(lab_.client, "link set eth0 address " + mac.to_string() + "\n");
    }
    Outcome reload(const Settings& changed) {
        portald_.write_config(changed);
        Outcome done = portald_.ctl({"config", "reload"});
        EXPECT_EQ(done.exit, 0) << done.err;
        return done;
    }
    std::string policy_of(const std::string& client) {
        return std::string(portald_.client(client).at("policy").as_string());
    }
    boost::json::value policy(const std::string& name) {
        const boost::json::value all = portald_.json({"policy", "show"});
        for (const auto& each : all.as_array())
            if (each.at("name") == boost::json::string(name)) return each;
        ADD_FAILURE() << "no policy " << name;
        return nullptr;
    }

    Portald portald_{lab_, settings()};
};

TEST_P(PolicyTest, AMethodsListChoosesByVlanAndAReloadChoosesAnew) {
    ASSERT_EQ(guest().click_through().status, 303);
    EXPECT_EQ(policy_of(kClientName), "untagged");
    EXPECT_EQ(policy("untagged").at("sessions"), 1);
    EXPECT_EQ(policy("untagged").at("methods"), (boost::json::array{"click-through"}));
    const WebAnswer page = guest().get(guest().portal() + "status");
    EXPECT_NE(page.body.find("Data left"), std::string::npos) << page.body;
    const auto before = portald_.client(kClientName);

    Settings changed = settings();
    changed["policies.tagged"] = "vlans = [0]\ndown = \"5Mbit\"";
    const Outcome reloaded = reload(changed);
    EXPECT_NE(reloaded.out.find("policies.tagged.vlans"), std::string::npos) << reloaded.out;
    EXPECT_EQ(policy_of(kClientName), "tagged");
    EXPECT_EQ(policy("tagged").at("sessions"), 1);
    EXPECT_EQ(policy("untagged").at("sessions"), 0);
    EXPECT_EQ(guest().get(guest().portal() + "status").body.find("Data left"), std::string::npos);

    // It is the same session, and what it has used is used.
    EXPECT_TRUE(guest().online());
    const auto after = portald_.client(kClientName);
    EXPECT_EQ(after.at("signed_in_at"), before.at("signed_in_at"));
    EXPECT_EQ(after.at("expires_at"), before.at("expires_at"));
    EXPECT_GT(after.at("rx_packets").to_number<std::uint64_t>(),
              before.at("rx_packets").to_number<std::uint64_t>());
}

TEST_P(PolicyTest, AReloadChangesTheLimitsOfWhoIsSignedIn) {
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName, "--policy", "staff"}).exit, 0);
    Settings changed = settings();
    changed["policies.staff"] = "down = \"2Mbit\"\nquota = \"1GB\"";
    reload(changed);
    EXPECT_EQ(policy_of(kClientName), "staff");
    EXPECT_EQ(policy("staff").at("down"), "2Mbit");
    EXPECT_EQ(policy("staff").at("sessions"), 1);
    // What is configured when portald comes back counts as well.
    portald_.kill();
    portald_.start();
    EXPECT_EQ(policy_of(kClientName), "staff");
}

TEST_P(PolicyTest, AUserIsSignedInOnSoManyDevices) {
    ASSERT_EQ(portald_.ctl({"user", "add", "alice", "--policy", "staff"}, "correct horse\n").exit,
              0);
    ASSERT_EQ(guest().sign_in("alice", "correct horse").status, 303);
    EXPECT_EQ(policy_of(kClientName), "staff");

    become(kOtherMac);
    const WebAnswer refused = guest().sign_in("alice", "correct horse");
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.body.find("as many devices as you may use at the same time (1)"),
              std::string::npos)
        << refused.body;
    EXPECT_TRUE(guest().captive());
    const auto record = portald_.json({"audit", "show", "--client", kOtherName}).as_array().at(0);
    EXPECT_EQ(record.at("outcome"), "refused");
    EXPECT_EQ(record.at("detail"), "signed in on 1 device already");

    become(kClientMac);
    ASSERT_EQ(guest().sign_out().status, 303);
    become(kOtherMac);
    EXPECT_EQ(guest().sign_in("alice", "correct horse").status, 303);
    EXPECT_TRUE(guest().online());
}

TEST_P(PolicyTest, AVoucherIsForItsHoursAlone) {
    const auto made = portald_.json({"voucher", "create", "--policy", "night"});
    const std::string code(made.at(0).at("code").as_string());
    const auto redeem = [&] {
        return guest().submit(guest().login_page(), "/sign-in",
                              {"method=voucher", "voucher=" + code});
    };
    const WebAnswer refused = redeem();
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.body.find("not valid at this time of day"), std::string::npos)
        << refused.body;
    EXPECT_EQ(portald_.json({"voucher", "show", code}).at("devices"), 0);
    const Outcome authorized =
        portald_.ctl({"client", "authorize", kClientName, "--policy", "night"});
    EXPECT_EQ(authorized.exit, 1);
    EXPECT_NE(authorized.err.find("applies at"), std::string::npos) << authorized.err;

    Settings changed = settings();
    changed["policies.night"] = "hours = \"" + hours_after(0) + "\"";
    reload(changed);
    EXPECT_EQ(redeem().status, 303);
    EXPECT_EQ(policy_of(kClientName), "night");
}

TEST_P(PolicyTest, WhoHadAPolicyThatIsGoneIsNamedAndGoesOn) {
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName, "--policy", "staff"}).exit, 0);
    Settings changed = settings();
    changed.erase("policies.staff");
    const Outcome reloaded = reload(changed);
    EXPECT_NE(reloaded.out.find("warning: policy \"staff\""), std::string::npos) << reloaded.out;
    EXPECT_NE(reloaded.out.find(kClientName), std::string::npos) << reloaded.out;
    EXPECT_EQ(policy_of(kClientName), "default");
    EXPECT_TRUE(guest().online());
}

PORTAL_BOTH_FAMILIES(PolicyTest);

}  // namespace
}  // namespace portal::system_test
