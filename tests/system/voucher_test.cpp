// Vouchers from the operator's command to the guest's page, the trail they leave, and the limits
// of guessing.
#include "system/system_test.h"

namespace portal::system_test {
namespace {

const Settings kVouchers = {{"sign_in",
                             "methods = [\"voucher\", \"password\", \"click-through\"]\n"
                             "account_attempts_per_hour = 3"}};

std::string text_of(const boost::json::value& value) {
    return value.is_string() ? std::string(value.as_string()) : "";
}

class VoucherTest : public FamilyTest {
  protected:
    std::string make(const std::vector<std::string>& options = {}) {
        std::vector<std::string> words{"voucher", "create"};
        words.insert(words.end(), options.begin(), options.end());
        return text_of(portald_.json(words).at(0).at("code"));
    }
    WebAnswer redeem(const std::string& code) {
        return guest().submit(guest().login_page(), "/sign-in",
                              {"method=voucher", "voucher=" + code});
    }
    // The same computer goes on as another device.
    void become(const Mac& mac) {
        lab::Lab::ip(lab_.client, "link set eth0 address " + mac.to_string() + "\n");
    }
    std::uint64_t devices(const std::string& code) {
        return portald_.json({"voucher", "show", code}).at("devices").to_number<std::uint64_t>();
    }

    Portald portald_{lab_, kVouchers};
};

TEST_P(VoucherTest, IsGoodForOneDeviceAndItsTime) {
    const std::string code = make({"--timeout", "1h", "--note", "room 12"});
    const WebAnswer signed_in = redeem(code);
    ASSERT_EQ(signed_in.status, 303) << signed_in.body;
    EXPECT_TRUE(guest().online());
    const auto client = portald_.client(kClientName);
    EXPECT_EQ(client.at("user"), code.c_str());
    EXPECT_EQ(client.at("method"), "voucher");

    become(kOtherMac);
    EXPECT_TRUE(guest().captive());
    const WebAnswer refused = redeem(code);
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.body.find("This code is not valid or has been used up."), std::string::npos);
    EXPECT_EQ(portald_.state(kOtherName), "stranger");

    // The same device again, however the code is typed; no further use is spent.
    become(kClientMac);
    ASSERT_EQ(guest().sign_out().status, 303);
    EXPECT_TRUE(guest().captive());
    std::string typed = code;
    for (char& c : typed)
        c = c == '-' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    ASSERT_EQ(redeem(typed).status, 303);
    EXPECT_TRUE(guest().online());
    EXPECT_LE(text_of(portald_.client(kClientName).at("expires_at")),
              text_of(client.at("expires_at")))
        << "the time runs from the first redemption";
    EXPECT_EQ(devices(code), 1U);

    const Process monitor = portald_.monitor();
    ASSERT_EQ(portald_.ctl({"voucher", "revoke", code}).exit, 0);
    EXPECT_TRUE(guest().captive());
    EXPECT_EQ(portald_.state(kClientName), "stranger");
    EXPECT_EQ(redeem(code).status, 403);

    // Newest first.
    std::vector<std::string> trail;
    const auto records = portald_.json({"audit", "show", "--user", code}).as_array();
    for (const auto& each : records)
        trail.push_back(text_of(each.at("mac")) + " " + text_of(each.at("method")) + " " +
                        text_of(each.at("outcome")));
    EXPECT_EQ(trail, (std::vector<std::string>{
                         kClientName + " voucher refused", kClientName + " operator accepted",
                         kClientName + " voucher accepted", kOtherName + " voucher refused",
                         kClientName + " voucher accepted"}));
    const auto of_other = portald_.json({"audit", "show", "--client", kOtherName}).as_array();
    ASSERT_EQ(of_other.size(), 1U);
    EXPECT_EQ(of_other[0].at("interface"), lab::kGatewayInterface);
    EXPECT_EQ(of_other[0].at("attempts"), 1);
}

TEST_P(VoucherTest, OutlivesTheDaemon) {
    const std::string code = make();
    ASSERT_EQ(redeem(code).status, 303);
    portald_.kill();
    portald_.start();
    EXPECT_TRUE(guest().online());
    EXPECT_EQ(devices(code), 1U);
    EXPECT_EQ(portald_.json({"audit", "show", "--user", code}).as_array().size(), 1U);
    ASSERT_EQ(portald_.ctl({"voucher", "revoke", code}).exit, 0);
    EXPECT_TRUE(guest().captive());
}

TEST_P(VoucherTest, TheLinkOfTheSheetFillsTheForm) {
    const std::string code = make({"--note", "sheet"});
    const Outcome bare = portald_.ctl({"voucher", "sheet", code});
    EXPECT_NE(bare.out.find(code), std::string::npos) << bare.err;
    EXPECT_EQ(bare.out.find("<svg"), std::string::npos) << "there is no link to show";
    Settings named = kVouchers;
    named["portal"] = "hostname = \"portal.example.net\"";
    portald_.write_config(named);
    ASSERT_EQ(portald_.ctl({"config", "reload"}).exit, 0);
    const Outcome sheet = portald_.ctl({"voucher", "sheet", "--note", "sheet"});
    EXPECT_EQ(sheet.exit, 0) << sheet.err;
    EXPECT_NE(sheet.out.find(code), std::string::npos);
    EXPECT_NE(sheet.out.find("<svg"), std::string::npos);
    const WebAnswer page = guest().get(guest().portal() + "?voucher=" + code);
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("value=\"" + code + "\""), std::string::npos);
    EXPECT_EQ(portald_.state(kClientName), "stranger");
    EXPECT_EQ(devices(code), 0U);
}

TEST_P(VoucherTest, AnAccountIsThrottledAcrossDevices) {
    ASSERT_EQ(portald_.ctl({"user", "add", "alice"}, "correct horse\n").exit, 0);
    EXPECT_EQ(guest().sign_in("alice", "wrong one").status, 403);
    EXPECT_EQ(guest().sign_in("alice", "wrong two").status, 403);
    become(kOtherMac);
    EXPECT_EQ(guest().sign_in("alice", "wrong three").status, 403);
    const WebAnswer throttled = guest().sign_in("Alice", "correct horse");
    EXPECT_EQ(throttled.status, 429);
    EXPECT_NE(throttled.header("retry-after"), "");
    EXPECT_EQ(guest().sign_in("alice", "correct horse").status, 429);
    // It is the account that is throttled, not the device.
    EXPECT_EQ(redeem(make()).status, 303);
    const auto trail = portald_.json({"audit", "show", "--client", kOtherName}).as_array();
    ASSERT_EQ(trail.size(), 3U);
    EXPECT_EQ(trail[1].at("outcome"), "throttled");
    EXPECT_EQ(trail[1].at("count"), 2);
    EXPECT_EQ(trail[2].at("outcome"), "refused");
}

PORTAL_BOTH_FAMILIES(VoucherTest);

}  // namespace
}  // namespace portal::system_test
