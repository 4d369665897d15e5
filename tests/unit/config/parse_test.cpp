// What a configuration means.
#include <gmock/gmock.h>

#include "config/load.h"

namespace portal::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Config load(std::string_view text) {
    auto config = parse(text, "portald.toml");
    if (!config) ADD_FAILURE() << config.error().what;
    return config.value_or(Config());
}

TEST(Parse, OneKeyIsEnough) {
    const Config config = load("gateway.client_interfaces = ['eth1']");
    Config expected;
    expected.gateway.client_interfaces = {"eth1"};
    EXPECT_EQ(config, expected);
}

TEST(Parse, HasTheDocumentedDefaults) {
    const Config config = load("[gateway]\nclient_interfaces = ['eth1']\n");
    EXPECT_THAT(config.gateway.uplink_interfaces, IsEmpty());
    EXPECT_EQ(config.gateway.xdp_mode, XdpMode::automatic);
    EXPECT_TRUE(config.gateway.fast_path);
    EXPECT_EQ(config.gateway.mark, 0x511U);
    EXPECT_EQ(config.gateway.mark_mask, 0xffffU);
    EXPECT_EQ(config.gateway.route_table, 511U);
    EXPECT_EQ(config.portal.name, "Example venue");
    EXPECT_EQ(config.portal.hostname, "");
    EXPECT_EQ(config.portal.login_url, "");
    EXPECT_EQ(config.portal.http_port, 80);
    EXPECT_EQ(config.portal.https_port, 443);
    EXPECT_TRUE(config.portal.certificate.empty());
    EXPECT_TRUE(config.portal.key.empty());
    EXPECT_TRUE(config.portal.probe_compatibility);
    EXPECT_EQ(config.portal.user, "xdp-portal");
    EXPECT_TRUE(config.portal.logo.empty());
    EXPECT_EQ(config.portal.accent_color, (Color{0x0b, 0x6e, 0x75}));
    EXPECT_TRUE(config.portal.terms.empty());
    EXPECT_THAT(config.sign_in.methods, ElementsAre(SignInMethod::click_through));
    EXPECT_EQ(config.sign_in.attempts_per_hour, 20U);
    EXPECT_EQ(config.remote, Remote{});
    EXPECT_EQ(config.session.timeout, 8h);
    EXPECT_EQ(config.session.idle_timeout, 30min);
    EXPECT_EQ(config.strangers.blocked_traffic, BlockedTraffic::drop);
    EXPECT_THAT(config.strangers.dns_servers, IsEmpty());
    EXPECT_THAT(config.strangers.allow, IsEmpty());
    EXPECT_FALSE(config.strangers.allow_private_names);
    EXPECT_EQ(config.strangers.least_ttl, 5min);
    EXPECT_EQ(config.policies, (Policies{{"default", Policy{}}}));
    EXPECT_EQ(config.store.url, "sqlite:/var/lib/xdp-portal/portal.db");
    EXPECT_EQ(config.store.path(), "/var/lib/xdp-portal/portal.db");
    EXPECT_EQ(config.control.socket, "/run/xdp-portal/portald.sock");
    EXPECT_EQ(config.control.metrics, "127.0.0.1:9511");
    EXPECT_EQ(config.limits.max_clients, 65536U);
}

TEST(Parse, ReadsEveryKey) {
    const Config config = load(R"(
        [gateway]
        client_interfaces = ["br-guest", "eth1.100"]
        uplink_interfaces = ["wan"]
        xdp_mode = "generic"
        fast_path = false
        mark = 0x10000
        mark_mask = 0xff0000
        route_table = 100
        [portal]
        name = "Café am Markt"
        hostname = "portal.example.net"
        login_url = "https://portal.example.net/?venue=1"
        http_port = 8080
        https_port = 8443
        certificate = "/etc/ssl/portal.pem"
        key = "/etc/ssl/portal.key"
        venue_info_url = "https://www.example.net/"
        logo = "/etc/xdp-portal/logo.svg"
        accent_color = "#7A1F4b"
        terms = "/etc/xdp-portal/terms.txt"
        probe_compatibility = false
        user = "nobody"
        [sign_in]
        methods = ["password", "click-through", "voucher", "remote"]
        attempts_per_hour = 5
        account_attempts_per_hour = 50
        [remote]
        url = "https://venue.example.net/wifi?venue=1"
        secret_file = "/etc/xdp-portal/remote.secret"
        listen = ""
        [session]
        timeout = "1h30m"
        idle_timeout = "0"
        [strangers]
        blocked_traffic = "reset"
        dns_servers = ["192.0.2.53", "2001:db8::53"]
        allow = ["203.0.113.0/24", "203.0.113.7:443", "[2001:db8::1]:853/udp", "*.Example.org:443"]
        allow_private_names = true
        least_ttl = "10m"
        [policies.default]
        down = "0"
        [policies.staff]
        down = "20Mbit"
        up = "0Mbit"
        quota = "5GB"
        timeout = "12h"
        idle_timeout = "0"
        devices = 3
        vlans = [100, "200-299"]
        hours = "22:00-06:00"
        [sign_in.policies]
        click-through = ["staff", "default"]
        [audit]
        retention = "30d"
        [store]
        url = "sqlite:/srv/portal.db"
        [control]
        socket = "/run/portald.sock"
        metrics = ""
        [limits]
        max_clients = 1000
    )");
    EXPECT_THAT(config.gateway.client_interfaces, ElementsAre("br-guest", "eth1.100"));
    EXPECT_THAT(config.gateway.uplink_interfaces, ElementsAre("wan"));
    EXPECT_EQ(config.gateway.xdp_mode, XdpMode::generic);
    EXPECT_FALSE(config.gateway.fast_path);
    EXPECT_EQ(config.gateway.mark, 0x10000U);
    EXPECT_EQ(config.gateway.mark_mask, 0xff0000U);
    EXPECT_EQ(config.gateway.route_table, 100U);
    EXPECT_EQ(config.portal.name, "Café am Markt");
    EXPECT_EQ(config.portal.hostname, "portal.example.net");
    EXPECT_EQ(config.portal.login_url, "https://portal.example.net/?venue=1");
    EXPECT_EQ(config.portal.http_port, 8080);
    EXPECT_EQ(config.portal.https_port, 8443);
    EXPECT_EQ(config.portal.certificate, "/etc/ssl/portal.pem");
    EXPECT_EQ(config.portal.key, "/etc/ssl/portal.key");
    EXPECT_EQ(config.portal.venue_info_url, "https://www.example.net/");
    EXPECT_FALSE(config.portal.probe_compatibility);
    EXPECT_EQ(config.portal.user, "nobody");
    EXPECT_EQ(config.portal.logo, "/etc/xdp-portal/logo.svg");
    EXPECT_EQ(config.portal.accent_color, (Color{0x7a, 0x1f, 0x4b}));
    EXPECT_EQ(config.portal.terms, "/etc/xdp-portal/terms.txt");
    EXPECT_TRUE(config.sign_in.allows(SignInMethod::password));
    EXPECT_TRUE(config.sign_in.allows(SignInMethod::click_through));
    EXPECT_TRUE(config.sign_in.allows(SignInMethod::voucher));
    EXPECT_TRUE(config.sign_in.allows(SignInMethod::remote));
    EXPECT_EQ(config.sign_in.attempts_per_hour, 5U);
    EXPECT_EQ(config.sign_in.account_attempts_per_hour, 50U);
    EXPECT_EQ(config.audit.retention, 30 * 24h);
    EXPECT_EQ(config.remote.url, "https://venue.example.net/wifi?venue=1");
    EXPECT_EQ(config.remote.secret_file, "/etc/xdp-portal/remote.secret");
    EXPECT_EQ(config.remote.listen, "");
    EXPECT_EQ(config.session.timeout, 90min);
    EXPECT_EQ(config.session.idle_timeout, 0s);
    EXPECT_EQ(config.strangers.blocked_traffic, BlockedTraffic::reset);
    EXPECT_THAT(config.strangers.dns_servers,
                ElementsAre(parse_ip_address("192.0.2.53").value(),
                            parse_ip_address("2001:db8::53").value()));
    EXPECT_EQ(config.strangers.allow.size(), 4U);
    EXPECT_EQ(config.strangers.allow[3].to_string(), "*.example.org:443");
    EXPECT_TRUE(config.strangers.allow_private_names);
    EXPECT_EQ(config.strangers.least_ttl, 10min);
    EXPECT_EQ(config.strangers.allow[2], parse_garden_rule("[2001:db8::1]:853/udp").value());
    EXPECT_EQ(config.policies,
              (Policies{{"default", {}},
                        {"staff",
                         {.limits = {.down = 20'000'000, .up = 0, .quota = 5'000'000'000},
                          .timeout = 12h,
                          .idle_timeout = 0s,
                          .devices = 3,
                          .vlans = {{100, 100}, {200, 299}},
                          .hours = Hours{22h, 6h}}}}));
    EXPECT_THAT(config.sign_in.policies.click_through, ElementsAre("staff", "default"));
    EXPECT_THAT(config.sign_in.policies.of(SignInMethod::click_through),
                ElementsAre("staff", "default"));
    EXPECT_EQ(config.store.path(), "/srv/portal.db");
    EXPECT_EQ(config.control.socket, "/run/portald.sock");
    EXPECT_EQ(config.control.metrics, "");
    EXPECT_EQ(config.limits.max_clients, 1000U);
}

TEST(Parse, DefaultPathsFollowTheDirectories) {
    const auto config = parse("gateway.client_interfaces = ['eth1']", "portald.toml",
                              {.state = "/tmp/state", .run = "/tmp/run"})
                            .value();
    EXPECT_EQ(config.store.url, "sqlite:/tmp/state/portal.db");
    EXPECT_EQ(config.control.socket, "/tmp/run/portald.sock");
}

TEST(Parse, AKeyOutweighsTheDirectories) {
    const auto config =
        parse("gateway.client_interfaces = ['eth1']\nstore.url = 'sqlite:/srv/portal.db'",
              "portald.toml", {.state = "/tmp/state"})
            .value();
    EXPECT_EQ(config.store.url, "sqlite:/srv/portal.db");
}

TEST(Parse, TakesTheBoundsOfEachNumber) {
    const Config least = load(
        "gateway = {client_interfaces = ['a'], mark = 1, mark_mask = 1, route_table = 1}\n"
        "portal = {http_port = 1, https_port = 2}\n"
        "sign_in.attempts_per_hour = 1\nsession.timeout = '1s'\nlimits.max_clients = 1\n");
    EXPECT_EQ(least.limits.max_clients, 1U);
    const Config most = load(
        "gateway = {client_interfaces = ['abcdefghijklmno'], mark = 0xffffffff,"
        " mark_mask = 0xffffffff, route_table = 0xffffffff}\n"
        "portal = {http_port = 65534, https_port = 65535}\n"
        "sign_in.attempts_per_hour = 100000\nsession.timeout = '3650d'\n"
        "limits.max_clients = 4194304\n");
    EXPECT_EQ(most.limits.max_clients, 4194304U);
    EXPECT_EQ(most.gateway.mark_mask, 0xffffffffU);
}

}  // namespace
}  // namespace portal::config
