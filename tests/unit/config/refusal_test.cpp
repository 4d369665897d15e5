// What a configuration may not say, and how it is told.
#include <gmock/gmock.h>

#include <algorithm>

#include "config/load.h"

namespace portal::config {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string refused(std::string_view text) {
    const auto config = parse(text, "portald.toml");
    if (config) {
        ADD_FAILURE() << "was accepted: " << text;
        return {};
    }
    EXPECT_EQ(config.error().code, ErrorCode::invalid);
    EXPECT_FALSE(config.error().hint.empty());
    return config.error().what;
}

// A file whose third line is `line`, and which is right without it.
std::string with_line(std::string_view line) {
    return "[gateway]\nclient_interfaces = ['eth1']\n" + std::string(line) + "\n";
}

struct Refusal {
    std::string_view section;
    std::string_view line;
    std::string_view message;  // after "portald.toml:2: "
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.line;
}

class RefusedValue : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedValue, SaysWhereAndWhatWasExpected) {
    const auto& [section, line, message] = GetParam();
    const bool is_gateway = section == "gateway";
    const bool has_clients = line.starts_with("client_interfaces");
    std::string text = "[" + std::string(section) + "]\n" + std::string(line) + "\n";
    if (is_gateway && !has_clients) text += "client_interfaces = ['eth1']\n";
    if (!is_gateway) text += "[gateway]\nclient_interfaces = ['eth1']\n";
    EXPECT_EQ(refused(text), "portald.toml:2: " + std::string(message));
}

INSTANTIATE_TEST_SUITE_P(
    Gateway, RefusedValue,
    testing::Values(
        Refusal{"gateway", "client_interfaces = 'eth1'",
                "gateway.client_interfaces: expected a list of interface names such as [\"eth1\"], "
                "got \"eth1\""},
        Refusal{"gateway", "client_interfaces = []",
                "gateway.client_interfaces: expected the interfaces that clients are on, such as "
                "[\"eth1\"], got an empty list"},
        Refusal{"gateway", "client_interfaces = [1]",
                "gateway.client_interfaces: expected the name of an interface such as \"eth1\", "
                "got an integer"},
        Refusal{"gateway", "client_interfaces = ['eth1', 'eth1']",
                "gateway.client_interfaces: expected each entry once, got \"eth1\" again"},
        Refusal{"gateway", "client_interfaces = ['abcdefghijklmnop']",
                "gateway.client_interfaces: expected the name of an interface such as \"eth1\", "
                "got \"abcdefghijklmnop\""},
        Refusal{"gateway", "client_interfaces = ['../eth1']",
                "gateway.client_interfaces: expected the name of an interface such as \"eth1\", "
                "got \"../eth1\""},
        Refusal{"gateway", "uplink_interfaces = ['eth1']",
                "gateway.uplink_interfaces: expected other interfaces than client_interfaces, got "
                "\"eth1\""},
        Refusal{"gateway", "xdp_mode = 'driver'",
                "gateway.xdp_mode: expected \"auto\", \"native\" or \"generic\", got \"driver\""},
        Refusal{"gateway", "fast_path = 'yes'",
                "gateway.fast_path: expected true or false, got \"yes\""},
        Refusal{"gateway", "mark = 0",
                "gateway.mark: expected a whole number from 1 to 4294967295, got 0"},
        Refusal{"gateway", "mark = 0x100000000",
                "gateway.mark: expected a whole number from 1 to 4294967295, got 4294967296"},
        Refusal{"gateway", "mark = 0x10511",
                "gateway.mark: expected bits within mark_mask, got 66833 outside of 65535"},
        Refusal{"gateway", "mark_mask = -1",
                "gateway.mark_mask: expected a whole number from 1 to 4294967295, got -1"},
        Refusal{"gateway", "route_table = 254",
                "gateway.route_table: expected a routing table of its own, got 254, which is the "
                "kernel's"}));

INSTANTIATE_TEST_SUITE_P(
    Portal, RefusedValue,
    testing::Values(
        Refusal{"portal", "name = ''",
                "portal.name: expected a name of 1 to 128 bytes without control characters, got "
                "\"\""},
        Refusal{"portal", "name = \"a\\nb\"",
                "portal.name: expected a name of 1 to 128 bytes without control characters, got "
                "\"a\\x0ab\""},
        Refusal{"portal", "hostname = 'portal_example'",
                "portal.hostname: expected a host name such as \"portal.example.net\", got "
                "\"portal_example\""},
        Refusal{"portal", "hostname = '192.0.2.1'",
                "portal.hostname: expected a host name such as \"portal.example.net\", got "
                "\"192.0.2.1\""},
        Refusal{"portal", "login_url = 'portal.example.net'",
                "portal.login_url: expected an http or https URL such as "
                "\"https://portal.example.net/\", got \"portal.example.net\""},
        Refusal{"portal", "login_url = \"https://a.example/\\r\\nSet-Cookie: x\"",
                "portal.login_url: expected an http or https URL such as "
                "\"https://portal.example.net/\", got \"https://a.example/\\x0d\\x0aSet-Cookie: "
                "x\""},
        Refusal{"portal", "http_port = 0",
                "portal.http_port: expected a whole number from 1 to 65535, got 0"},
        Refusal{"portal", "http_port = 65536",
                "portal.http_port: expected a whole number from 1 to 65535, got 65536"},
        Refusal{"portal", "http_port = '80'",
                "portal.http_port: expected a whole number from 1 to 65535, got \"80\""},
        Refusal{"portal", "http_port = 80.0",
                "portal.http_port: expected a whole number from 1 to 65535, got a number with a "
                "fraction"},
        Refusal{"portal", "https_port = 80",
                "portal.https_port: expected another port than http_port, got 80"},
        Refusal{"portal", "certificate = 'portal.pem'",
                "portal.certificate: expected the absolute path of a PEM file such as "
                "\"/etc/xdp-portal/portal.pem\", or \"\", got \"portal.pem\""},
        Refusal{"portal", "certificate = '/etc/ssl/portal.pem'\nhostname = 'portal.example.net'",
                "portal.certificate: expected portal.key beside it, got none"},
        Refusal{"portal", "key = '/etc/ssl/portal.key'\nhostname = 'portal.example.net'",
                "portal.key: expected portal.certificate beside it, got none"},
        Refusal{"portal", "certificate = '/etc/ssl/portal.pem'\nkey = '/etc/ssl/portal.key'",
                "portal.certificate: expected portal.hostname, the name it was issued for, got "
                "none"},
        Refusal{"portal", "venue_info_url = 'http://www.example.net/'",
                "portal.venue_info_url: expected an https URL such as "
                "\"https://www.example.net/\", got \"http://www.example.net/\""},
        Refusal{"portal", "logo = 'logo.svg'",
                "portal.logo: expected the absolute path of a file, or \"\" for none, got "
                "\"logo.svg\""},
        Refusal{"portal", "terms = '/etc/'",
                "portal.terms: expected the absolute path of a file, or \"\" for none, got "
                "\"/etc/\""},
        Refusal{"portal", "accent_color = 'teal'",
                "portal.accent_color: expected a colour such as \"#0b6e75\", got \"teal\""},
        Refusal{"portal", "accent_color = 0x0b6e75",
                "portal.accent_color: expected a colour such as \"#0b6e75\", got an integer"},
        Refusal{"portal", "accent_color = '#ffcc00'",
                "portal.accent_color: expected a darker colour, on which white text has a contrast "
                "of 4.5, got \"#ffcc00\" with 1.51"},
        Refusal{"portal", "user = 'root; id'",
                "portal.user: expected the name of a system user such as \"xdp-portal\", got "
                "\"root; id\""}));

INSTANTIATE_TEST_SUITE_P(
    SignInAndSession, RefusedValue,
    testing::Values(
        Refusal{"sign_in", "methods = []",
                "sign_in.methods: expected a list of \"click-through\", \"password\", "
                "\"voucher\" and \"remote\", got an empty one"},
        Refusal{"sign_in", "methods = ['facebook']",
                "sign_in.methods: expected \"click-through\", \"password\", \"voucher\" or "
                "\"remote\", got \"facebook\""},
        Refusal{"sign_in", "methods = ['password', 'password']",
                "sign_in.methods: expected each entry once, got \"password\" again"},
        Refusal{"sign_in", "attempts_per_hour = 0",
                "sign_in.attempts_per_hour: expected a whole number from 1 to 100000, got 0"},
        Refusal{"sign_in", "attempts_per_hour = 100001",
                "sign_in.attempts_per_hour: expected a whole number from 1 to 100000, got 100001"},
        Refusal{"sign_in", "account_attempts_per_hour = 0",
                "sign_in.account_attempts_per_hour: expected a whole number from 1 to 100000, "
                "got 0"},
        Refusal{"audit", "retention = '0'",
                "audit.retention: expected a duration such as \"90d\", got \"0\", which keeps "
                "nothing"},
        Refusal{"audit", "retention = 90",
                "audit.retention: expected a duration such as \"90d\", got an integer"},
        Refusal{"audit", "retention = 'long'",
                "audit.retention: expected a duration such as \"90d\", got \"long\", which is "
                "not a duration"},
        Refusal{"session", "timeout = 8",
                "session.timeout: expected a duration such as \"8h\", got an integer"},
        Refusal{"session", "timeout = 08:00:00",
                "session.timeout: expected a duration such as \"8h\", got a date or time"},
        Refusal{"session", "timeout = '8 hours'",
                "session.timeout: expected a duration such as \"8h\", got \"8 hours\", which is "
                "not a duration"},
        Refusal{"session", "timeout = '3651d'",
                "session.timeout: expected a duration such as \"8h\", got \"3651d\", which is "
                "longer than 3650d"},
        Refusal{"session", "timeout = '0'",
                "session.timeout: expected a duration such as \"8h\", got \"0\": a timeout of 0 "
                "would end at once"},
        Refusal{"session", "idle_timeout = '-1'",
                "session.idle_timeout: expected a duration such as \"30m\", or \"0\" for none, got "
                "\"-1\", which is not a duration"}));

INSTANTIATE_TEST_SUITE_P(
    Strangers, RefusedValue,
    testing::Values(
        Refusal{"strangers", "blocked_traffic = 'reject'",
                "strangers.blocked_traffic: expected \"drop\" or \"reset\", got \"reject\""},
        Refusal{"strangers", "dns_servers = ['dns.example.net']",
                "strangers.dns_servers: expected an IP address such as \"192.0.2.53\", got "
                "\"dns.example.net\", which is not an IP address"},
        Refusal{"strangers", "dns_servers = ['0.0.0.0']",
                "strangers.dns_servers: expected an IP address such as \"192.0.2.53\", got "
                "\"0.0.0.0\", which is no host's"},
        Refusal{"strangers", "allow = ['*.com:443']",
                "strangers.allow: expected a prefix, an address or a name, with or without a port, "
                "such as \"203.0.113.0/24\" or \"pay.example.com:443\", got \"*.com:443\": "
                "\"*.com\" would open a whole top-level domain"},
        Refusal{"strangers", "allow = ['203.0.113.1/24']",
                "strangers.allow: expected a prefix, an address or a name, with or without a port, "
                "such as \"203.0.113.0/24\" or \"pay.example.com:443\", got \"203.0.113.1/24\": "
                "\"203.0.113.1/24\" has bits set after the prefix"},
        Refusal{"strangers", "allow_private_names = 'yes'",
                "strangers.allow_private_names: expected true or false, got \"yes\""},
        Refusal{"strangers", "least_ttl = '0'",
                "strangers.least_ttl: expected a duration from \"1s\" to \"1d\" such as \"5m\", "
                "got \"0\""},
        Refusal{"strangers", "least_ttl = '2d'",
                "strangers.least_ttl: expected a duration from \"1s\" to \"1d\" such as \"5m\", "
                "got \"2d\""},
        Refusal{"strangers", "allow = ['203.0.113.0/24', '203.0.113.0/24']",
                "strangers.allow: expected each entry once, got \"203.0.113.0/24\" again"}));

INSTANTIATE_TEST_SUITE_P(
    Rest, RefusedValue,
    testing::Values(
        Refusal{"budgets", "dns = '10/s'",
                "budgets.dns: expected \"0\" or a budget such as \"10/s burst 100\", got \"10/s\", "
                "which is not a budget"},
        Refusal{"budgets", "all_link = 10",
                "budgets.all_link: expected \"0\" or a budget such as \"10/s burst 100\", got an "
                "integer"},
        Refusal{
            "policies.default", "down = 20",
            "policies.default.down: expected \"0\" or a rate such as \"20Mbit\", got an integer"},
        Refusal{
            "policies.staff", "quota = '5 GB'",
            "policies.staff.quota: expected \"0\" or an amount of data such as \"5GB\", got \"5 "
            "GB\", which is not an amount of data"},
        Refusal{
            "policies.staff", "timeout = '0'",
            "policies.staff.timeout: expected a duration such as \"8h\", got \"0\": a timeout of "
            "0 would end at once"},
        Refusal{"policies.staff", "idle_timeout = 'soon'",
                "policies.staff.idle_timeout: expected a duration such as \"30m\", or \"0\" for "
                "none, got \"soon\", which is not a duration"},
        Refusal{"policies.staff", "devices = -1",
                "policies.staff.devices: expected a whole number from 0 to 100000, got -1"},
        Refusal{"policies.staff", "devices = '3'",
                "policies.staff.devices: expected a whole number from 0 to 100000, got \"3\""},
        Refusal{"policies.staff", "vlans = 100",
                "policies.staff.vlans: expected a list of VLANs such as [100, \"200-299\"], got an "
                "integer"},
        Refusal{"policies.staff", "vlans = [100, 4095]",
                "policies.staff.vlans: expected a VLAN from 0 to 4094, or a range such as "
                "\"200-299\", got 4095"},
        Refusal{"policies.staff", "vlans = ['299-200']",
                "policies.staff.vlans: expected a VLAN from 0 to 4094, or a range such as "
                "\"200-299\", got \"299-200\", which ends before it begins"},
        Refusal{"policies.staff", "vlans = [100, '100']",
                "policies.staff.vlans: expected each entry once, got \"100\" again"},
        Refusal{"policies.staff", "hours = '22-06'",
                "policies.staff.hours: expected a time of day such as \"22:00-06:00\", or \"\" for "
                "all day, got \"22-06\", which is not a time of day"},
        Refusal{"policies.staff", "hours = '06:00-06:00'",
                "policies.staff.hours: expected a time of day such as \"22:00-06:00\", or \"\" for "
                "all day, got \"06:00-06:00\", which ends when it begins"},
        Refusal{"policies.staff", "hours = 22:00:00",
                "policies.staff.hours: expected a time of day such as \"22:00-06:00\", or \"\" for "
                "all day, got a date or time"},
        Refusal{"policies.default", "vlans = [100]",
                "policies.default.vlans: expected no condition on the policy that takes whoever no "
                "other does, got one"},
        Refusal{"policies.default", "hours = '22:00-06:00'",
                "policies.default.hours: expected no condition on the policy that takes whoever no "
                "other does, got one"},
        Refusal{"sign_in", "policies = ['staff']",
                "sign_in.policies: expected a table of keys, got a list"},
        Refusal{"sign_in.policies", "click-through = 'staff'",
                "sign_in.policies.click-through: expected a list of policies such as [\"night\", "
                "\"free\"], got \"staff\""},
        Refusal{
            "sign_in.policies", "voucher = ['two words']",
            "sign_in.policies.voucher: expected the name of a policy such as \"night\", got \"two "
            "words\""},
        Refusal{
            "sign_in.policies", "password = ['default', 'staff']",
            "sign_in.policies.password: expected policies that are there, got \"staff\" without "
            "a section [policies.staff]"},
        Refusal{
            "sign_in.policies", "clickthrough = []",
            "sign_in.policies.clickthrough: unknown key; expected one of click-through, password, "
            "voucher, remote; did you mean \"click-through\"?"},
        Refusal{"sign_in", "policy = {}",
                "sign_in.policy: unknown key; expected one of methods, attempts_per_hour, "
                "account_attempts_per_hour, policies"},
        Refusal{"policies.default", "up = '20Mb'",
                "policies.default.up: expected \"0\" or a rate such as \"20Mbit\", got \"20Mb\", "
                "which is not a rate"},
        Refusal{"policies.default", "burst = '0'",
                "policies.default.burst: unknown key; expected one of down, up, quota, timeout, "
                "idle_timeout, devices, vlans, hours"},
        Refusal{"store", "url = 'redis://localhost'",
                "store.url: expected a store such as \"sqlite:/var/lib/xdp-portal/portal.db\", got "
                "\"redis://localhost\""},
        Refusal{"store", "url = 'sqlite:portal.db'",
                "store.url: expected a store such as \"sqlite:/var/lib/xdp-portal/portal.db\", got "
                "\"sqlite:portal.db\""},
        Refusal{"control", "socket = 'portald.sock'",
                "control.socket: expected an absolute path of at most 107 bytes such as "
                "\"/run/xdp-portal/portald.sock\", got \"portald.sock\""},
        Refusal{"control", "metrics = '9511'",
                "control.metrics: expected an address and port such as \"127.0.0.1:9511\", or "
                "\"\" for none, got \"9511\""},
        Refusal{"limits", "max_clients = 0",
                "limits.max_clients: expected a whole number from 1 to 4194304, got 0"},
        Refusal{"limits", "max_clients = 4194305",
                "limits.max_clients: expected a whole number from 1 to 4194304, got 4194305"}));

TEST(Refusal, SocketPathsEndAt107Bytes) {
    const auto socket = [](std::size_t length) {
        return with_line("[control]\nsocket = '/" + std::string(length - 1, 'x') + "'");
    };
    EXPECT_TRUE(parse(socket(107), "portald.toml"));
    EXPECT_THAT(refused(socket(108)), HasSubstr("at most 107 bytes"));
}

TEST(Refusal, ClientInterfacesAreNeeded) {
    EXPECT_EQ(refused(""),
              "portald.toml:1: gateway.client_interfaces: expected the interfaces that clients are "
              "on, such as [\"eth1\"], got none");
    EXPECT_EQ(refused("\n\n[gateway]\nfast_path = true\n"),
              "portald.toml:3: gateway.client_interfaces: expected the interfaces that clients are "
              "on, such as [\"eth1\"], got none");
}

TEST(Refusal, UnknownKeysComeWithASuggestion) {
    for (const std::string_view typo : {"fast_pat", "fast_pathh", "fast_bath", "fats_path"})
        EXPECT_THAT(refused(with_line(std::string(typo) + " = true")),
                    testing::AllOf(StartsWith("portald.toml:3: gateway." + std::string(typo) +
                                              ": unknown key; expected one of client_interfaces, "),
                                   HasSubstr("did you mean \"fast_path\"?")));
    EXPECT_THAT(refused(with_line("slow_path = true")), Not(HasSubstr("did you mean")));
}

TEST(Refusal, UnknownSectionsComeWithASuggestion) {
    EXPECT_EQ(refused(with_line("[sesion]")),
              "portald.toml:3: sesion: unknown section; expected one of gateway, portal, sign_in, "
              "remote, session, strangers, budgets, audit, store, control, limits, policies; did "
              "you mean \"session\"?");
    EXPECT_THAT(refused("timeout = '8h'\n" + with_line("")),
                StartsWith("portald.toml:1: timeout: unknown key outside a section;"));
}

TEST(Refusal, SectionsAreTables) {
    EXPECT_THAT(refused(with_line("") + "[[session]]"),
                HasSubstr("session: expected a table of keys, got a list"));
    EXPECT_EQ(refused("gateway = 5"),
              "portald.toml:1: gateway: expected a table of keys, got an integer");
    EXPECT_EQ(
        refused("policies = 5\n" + with_line("")),
        "portald.toml:1: policies: expected tables such as [policies.default], got an integer");
    EXPECT_EQ(refused("policies.default = 5\n" + with_line("")),
              "portald.toml:1: policies.default: expected a table of keys, got an integer");
    EXPECT_THAT(refused(with_line("[session.timeout]")),
                HasSubstr("session.timeout: expected a duration such as \"8h\", got a table"));
}

TEST(Refusal, PolicyNamesLeaveADottedKeyOneReading) {
    EXPECT_THAT(refused(with_line("[policies.'a.b']")),
                HasSubstr("policies.a.b: expected a name of 1 to 64 letters"));
    EXPECT_THAT(refused(with_line("[policies.'']")), HasSubstr("expected a name"));
}

TEST(Refusal, SyntaxErrorsHaveALine) {
    EXPECT_THAT(refused("[gateway]\nclient_interfaces = [\n"), StartsWith("portald.toml:"));
    EXPECT_THAT(refused(with_line("fast_path == true")), StartsWith("portald.toml:3: "));
    EXPECT_THAT(refused(with_line("client_interfaces = ['eth2']")), StartsWith("portald.toml:3: "));
    EXPECT_THAT(refused(with_line("# \xff")), StartsWith("portald.toml:"));
}

TEST(Refusal, TellsAllFaultsInTheOrderOfTheFile) {
    EXPECT_EQ(refused("[session]\ntimeout = 8\nidle = 1\n[portal]\nhttp_port = 0\n"),
              "portald.toml:1: gateway.client_interfaces: expected the interfaces that clients are "
              "on, such as [\"eth1\"], got none\n"
              "portald.toml:2: session.timeout: expected a duration such as \"8h\", got an "
              "integer\n"
              "portald.toml:3: session.idle: unknown key; expected one of timeout, idle_timeout, "
              "bind_addresses\n"
              "portald.toml:5: portal.http_port: expected a whole number from 1 to 65535, got 0");
}

INSTANTIATE_TEST_SUITE_P(
    Remote, RefusedValue,
    testing::Values(
        Refusal{"remote", "url = 'http://venue.example.net/'",
                "remote.url: expected an https URL without a fragment such as "
                "\"https://venue.example.net/wifi\" (http only with an IP address), got "
                "\"http://venue.example.net/\""},
        Refusal{"remote", "url = 'venue.example.net'",
                "remote.url: expected an https URL without a fragment such as "
                "\"https://venue.example.net/wifi\" (http only with an IP address), got "
                "\"venue.example.net\""},
        Refusal{"remote", "secret_file = 'remote.secret'",
                "remote.secret_file: expected the absolute path of a file, got \"remote.secret\""},
        Refusal{"remote", "secret = 'xdp-portal'",
                "remote.secret: unknown key; expected one of url, secret_file, listen"},
        Refusal{"remote", "listen = 'portal.example.net:8443'",
                "remote.listen: expected an IP address and a port such as "
                "\"198.51.100.1:8443\", or \"\" for none, got \"portal.example.net:8443\""},
        Refusal{"remote", "listen = '198.51.100.1:8443'",
                "remote.listen: expected portal.certificate and portal.key beside it, since it is "
                "served over HTTPS alone; got none"}));

TEST(Refusal, RemoteSignInHasNoDefaults) {
    const std::string methods = "[sign_in]\nmethods = ['remote']\n";
    EXPECT_EQ(refused(with_line("") + methods),
              "portald.toml:5: remote.url: expected the address of the venue's application, since "
              "sign_in.methods has \"remote\"; got none\n"
              "portald.toml:5: remote.secret_file: expected the file of the secret shared with "
              "the venue's application, since sign_in.methods has \"remote\"; got none");
    EXPECT_EQ(refused(with_line("") + methods + "[remote]\nurl = 'https://venue.example.net/'\n"),
              "portald.toml:6: remote.secret_file: expected the file of the secret shared with "
              "the venue's application, since sign_in.methods has \"remote\"; got none");
}

TEST(Refusal, EndsAListOfFaults) {
    std::string text = "[gateway]\nclient_interfaces = ['eth1']\n";
    for (int i = 0; i < 1000; ++i)
        text += "key" + std::to_string(i) + " = 1\n";
    const std::string what = refused(text);
    EXPECT_EQ(std::ranges::count(what, '\n'), 20);
    EXPECT_THAT(what, testing::EndsWith("\nportald.toml: and 980 more"));
}

TEST(Refusal, DeepNestingIsHarmless) {
    std::string keys = "a";
    for (int i = 0; i < 400'000; ++i)
        keys += ".a";
    EXPECT_THAT(refused(keys + " = 1"), HasSubstr("expected a line of at most"));
    keys.resize(8000);
    EXPECT_THAT(refused("[" + keys.substr(0, 7999) + "]"), HasSubstr("a: unknown section"));
    EXPECT_THAT(refused("a = " + std::string(8000, '[')), StartsWith("portald.toml:1: "));
    std::string lists;
    for (int i = 0; i < 100'000; ++i)
        lists += "[\n";
    EXPECT_THAT(refused("a = " + lists), StartsWith("portald.toml:"));
}

TEST(Refusal, ShowsAHostileNameHarmlessly) {
    EXPECT_THAT(parse("x", "\x1b[31m.toml").error().what, StartsWith("\\x1b[31m.toml:1: "));
    EXPECT_THAT(refused(with_line("\"\\u001b[31m\" = 1")), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace portal::config
