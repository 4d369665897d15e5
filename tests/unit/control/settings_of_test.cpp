#include "control/settings_of.h"

#include <gtest/gtest.h>

namespace portal::control {
namespace {

TEST(SettingsOf, TheLoginUrlIsAsConfigured) {
    config::Config config;
    EXPECT_EQ(login_url_of(config), std::nullopt);
    config.portal.hostname = "portal.example.net";
    EXPECT_EQ(login_url_of(config), "http://portal.example.net/");
    config.portal.http_port = 8080;
    EXPECT_EQ(login_url_of(config), "http://portal.example.net:8080/");
    config.portal.certificate = "/etc/xdp-portal/portal.pem";
    EXPECT_EQ(login_url_of(config), "https://portal.example.net/");
    config.portal.https_port = 8443;
    EXPECT_EQ(login_url_of(config), "https://portal.example.net:8443/");
    config.portal.login_url = "https://login.example.com/?site=1";
    EXPECT_EQ(login_url_of(config), "https://login.example.com/?site=1");
}

TEST(SettingsOf, BlockedTrafficIsAnsweredIfConfiguredSo) {
    config::Config config;
    EXPECT_FALSE(dataplane_options_of(config).reset);
    config.strangers.blocked_traffic = config::BlockedTraffic::reset;
    EXPECT_TRUE(dataplane_options_of(config).reset);
}

TEST(SettingsOf, EachMethodHasItsPolicies) {
    config::Config config;
    config.policies["night"] = {.limits = {.down = 1, .up = 2, .quota = 3}};
    config.sign_in.policies.password = {"night"};
    const auto rules = session_rules_of(config);
    EXPECT_EQ(rules.policies, config.policies);
    EXPECT_EQ(rules.by_method.at("password"), std::vector<std::string>{"night"});
    EXPECT_EQ(rules.by_method.at("click-through"), std::vector<std::string>{});
}

TEST(SettingsOf, MethodsAndLimitsAreAsConfigured) {
    config::Config config;
    config.sign_in = {.methods = {config::SignInMethod::voucher, config::SignInMethod::password},
                      .attempts_per_hour = 7,
                      .account_attempts_per_hour = 70};
    const auto rules = sign_in_rules_of(config);
    EXPECT_EQ(rules.methods, (std::vector<std::string>{"voucher", "password"}));
    EXPECT_EQ(rules.attempts_per_hour, 7U);
    EXPECT_EQ(rules.account_attempts_per_hour, 70U);
    const auto configuration = responder_configuration_of(config, {}, {});
    EXPECT_TRUE(configuration.voucher);
    EXPECT_TRUE(configuration.password);
    EXPECT_FALSE(configuration.click_through);
}

TEST(SettingsOf, TheApplicationsListenerNeedsACertificate) {
    config::Config config;
    PortalFiles files{.tls = ipc::Tls{}, .warnings = {}};
    EXPECT_FALSE(responder_configuration_of(config, files, {}).remote_listener);
    config.remote.listen = "198.51.100.1:8443";
    EXPECT_TRUE(responder_configuration_of(config, files, {}).remote_listener);
    files.tls.reset();
    EXPECT_FALSE(responder_configuration_of(config, files, {}).remote_listener);
}

}  // namespace
}  // namespace portal::control
