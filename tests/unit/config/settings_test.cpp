#include "config/settings.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "config/load.h"

namespace portal::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Config load(std::string_view text) {
    return parse("gateway.client_interfaces = ['eth1']\n" + std::string(text), "portald.toml")
        .value();
}

const Setting& setting(const std::vector<Setting>& list, std::string_view key) {
    const auto found = std::ranges::find(list, key, &Setting::key);
    if (found == list.end()) throw std::out_of_range(std::string(key));
    return *found;
}

TEST(Settings, ShowValuesAsTheFileWritesThem) {
    const auto list =
        settings(load("session.timeout = '90m'\n"
                      "strangers.allow = ['203.0.113.7:443/tcp']\n"
                      "policies.staff = {down = '20Mbit', timeout = '2h', vlans = [100, '200-299'],"
                      " hours = '22:00-06:00'}\n"
                      "sign_in.policies.click-through = ['staff']\n"));
    using Strings = std::vector<std::string>;
    EXPECT_EQ(setting(list, "gateway.client_interfaces").value, Value(Strings{"eth1"}));
    EXPECT_EQ(setting(list, "gateway.mark").value, Value(std::int64_t{0x511}));
    EXPECT_EQ(setting(list, "gateway.xdp_mode").value, Value("auto"));
    EXPECT_EQ(setting(list, "gateway.fast_path").value, Value(true));
    EXPECT_EQ(setting(list, "portal.certificate").value, Value(""));
    EXPECT_EQ(setting(list, "sign_in.methods").value, Value(Strings{"click-through"}));
    EXPECT_EQ(setting(list, "session.timeout").value, Value("1h30m"));
    EXPECT_EQ(setting(list, "strangers.allow").value, Value(Strings{"203.0.113.7:443"}));
    EXPECT_EQ(setting(list, "policies.default.down").value, Value("0"));
    EXPECT_EQ(setting(list, "policies.default.timeout").value, Value(""));
    EXPECT_EQ(setting(list, "policies.default.vlans").value, Value(Strings{}));
    EXPECT_EQ(setting(list, "policies.default.hours").value, Value(""));
    EXPECT_EQ(setting(list, "policies.staff.down").value, Value("20Mbit"));
    EXPECT_EQ(setting(list, "policies.staff.quota").value, Value("0"));
    EXPECT_EQ(setting(list, "policies.staff.timeout").value, Value("2h"));
    EXPECT_EQ(setting(list, "policies.staff.idle_timeout").value, Value(""));
    EXPECT_EQ(setting(list, "policies.staff.devices").value, Value(std::int64_t{0}));
    EXPECT_EQ(setting(list, "policies.staff.vlans").value, Value(Strings{"100", "200-299"}));
    EXPECT_EQ(setting(list, "policies.staff.hours").value, Value("22:00-06:00"));
    EXPECT_EQ(setting(list, "sign_in.policies.click-through").value, Value(Strings{"staff"}));
    EXPECT_EQ(setting(list, "sign_in.policies.password").value, Value(Strings{}));
}

TEST(Settings, EachKeyOnce) {
    std::vector<std::string> keys;
    for (const Setting& each : settings(load("")))
        keys.push_back(each.key());
    EXPECT_EQ(keys.size(), known_keys().size());
    std::ranges::sort(keys);
    EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
}

TEST(Settings, LiveAreThoseThatTouchNoInterfaceAndNoStore) {
    std::vector<std::string> live;
    for (const KnownKey& key : known_keys())
        if (key.reload == Reload::live) live.push_back(key.section + "." + key.name);
    EXPECT_THAT(
        live, UnorderedElementsAre(
                  "portal.name", "portal.hostname", "portal.login_url", "portal.certificate",
                  "portal.key", "portal.venue_info_url", "portal.logo", "portal.accent_color",
                  "portal.terms", "portal.probe_compatibility", "sign_in.methods",
                  "sign_in.attempts_per_hour", "sign_in.account_attempts_per_hour", "remote.url",
                  "sign_in.policies.click-through", "sign_in.policies.password",
                  "sign_in.policies.voucher", "sign_in.policies.remote", "policies.NAME.down",
                  "policies.NAME.up", "policies.NAME.quota", "policies.NAME.timeout",
                  "policies.NAME.idle_timeout", "policies.NAME.devices", "policies.NAME.vlans",
                  "policies.NAME.hours",
                  "remote.secret_file", "audit.retention", "session.timeout",
                  "session.idle_timeout", "session.bind_addresses", "strangers.dns_servers", "strangers.allow",
                  "strangers.allow_private_names", "strangers.least_ttl", "budgets.dns",
                  "budgets.dns_bytes", "budgets.connections", "budgets.segments", "budgets.link",
                  "budgets.icmp", "budgets.dhcp", "budgets.all_dns", "budgets.all_dns_bytes",
                  "budgets.all_connections", "budgets.all_segments", "budgets.all_link",
                  "budgets.all_icmp", "budgets.all_dhcp", "budgets.newcomers"));
}

TEST(Reload, NothingChanged) {
    const auto result = reload(load(""), load(""));
    EXPECT_THAT(result.applied, IsEmpty());
    EXPECT_THAT(result.needs_restart, IsEmpty());
    EXPECT_EQ(result.config, load(""));
}

TEST(Reload, AppliesWhatIsLiveAndNamesTheRest) {
    const Config running = load("");
    const auto result = reload(running, load("session.timeout = '1h'\n"
                                             "strangers.allow = ['203.0.113.0/24']\n"
                                             "portal.http_port = 8080\n"));
    EXPECT_THAT(result.applied, ElementsAre("session.timeout", "strangers.allow"));
    EXPECT_THAT(result.needs_restart, ElementsAre("portal.http_port"));
    EXPECT_EQ(result.config.session.timeout, std::chrono::hours(1));
    EXPECT_EQ(result.config.strangers.allow.size(), 1U);
    EXPECT_EQ(result.config.portal.http_port, running.portal.http_port);
}

TEST(Reload, SeesPoliciesComeAndGo) {
    const Config running = load("policies.staff = {}");
    const Config loaded = load("policies.guest = {}");
    const auto result = reload(running, loaded);
    EXPECT_THAT(result.applied, ElementsAre("policies.staff", "policies.guest"));
    EXPECT_THAT(result.needs_restart, IsEmpty());
    EXPECT_EQ(result.config.policies, loaded.policies);
    Config limited = running;
    limited.policies["staff"].limits.down = 20'000'000;
    const auto narrowed = reload(running, limited);
    EXPECT_THAT(narrowed.applied, ElementsAre("policies.staff.down"));
    EXPECT_EQ(narrowed.config.policies, limited.policies);
}

}  // namespace
}  // namespace portal::config
