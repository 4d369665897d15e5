// portald's configuration as values: a struct for each section of portald.toml, a member for each
// key, each with its default. What the file may say is in config/load.h.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/color.h"
#include "base/duration.h"
#include "base/ip_address.h"
#include "domain/budget.h"
#include "domain/garden.h"
#include "domain/policy.h"

namespace portal::config {

enum class XdpMode { automatic, native, generic };
enum class BlockedTraffic { drop, reset };
enum class SignInMethod { click_through, password, voucher, remote };
inline constexpr std::array kSignInMethods = {SignInMethod::click_through, SignInMethod::password,
                                              SignInMethod::voucher, SignInMethod::remote};

struct Gateway {
    std::vector<std::string> client_interfaces;  // at least one
    std::vector<std::string> uplink_interfaces;
    XdpMode xdp_mode = XdpMode::automatic;
    bool fast_path = true;
    bool client_to_client = false;  // clients may be forwarded to each other
    std::uint32_t mark = 0x511;     // on steered packets; never 0, all its bits within mark_mask
    std::uint32_t mark_mask = 0xffff;
    std::uint32_t route_table = 511;  // of the policy routes for that mark

    bool operator==(const Gateway&) const = default;
};

struct Portal {
    std::string name = "Example venue";
    std::string hostname;   // empty: the portal goes by its address
    std::string login_url;  // empty: made of the hostname, or of the portal's address
    std::uint16_t http_port = 80;
    std::uint16_t https_port = 443;
    std::filesystem::path certificate;  // empty: no TLS; else there is a key, and a hostname
    std::filesystem::path key;
    std::string venue_info_url;  // https; empty: none
    bool probe_compatibility = true;
    // The system user portal-responder runs as; where it does not exist, portald takes nobody.
    std::string user = "xdp-portal";
    std::filesystem::path logo;               // absolute; empty: none
    Color accent_color = {0x0b, 0x6e, 0x75};  // white text on it can be read
    std::filesystem::path terms;              // absolute; empty: none

    bool operator==(const Portal&) const = default;
};

// The policies of those who sign in by each method, unless something else names one: the first that
// applies is taken, and kDefaultPolicy where none does.
struct MethodPolicies {
    std::vector<std::string> click_through;
    std::vector<std::string> password;
    std::vector<std::string> voucher;
    std::vector<std::string> remote;

    const std::vector<std::string>& of(SignInMethod method) const;

    bool operator==(const MethodPolicies&) const = default;
};

struct SignIn {
    std::vector<SignInMethod> methods = {SignInMethod::click_through};  // at least one, each once
    std::uint32_t attempts_per_hour = 20;                               // failures of one client
    std::uint32_t account_attempts_per_hour = 100;  // failures at one account, whoever tries
    MethodPolicies policies = {};                   // each of Config::policies

    bool allows(SignInMethod method) const;

    bool operator==(const SignIn&) const = default;
};

// The venue's own application, where guests of sign-in method "remote" are sent.
struct Remote {
    std::string url;                    // empty: none
    std::filesystem::path secret_file;  // what is signed with on both sides; empty: none
    std::string listen;                 // where it may call back: ADDRESS:PORT; empty: nowhere

    bool operator==(const Remote&) const = default;
};

struct SessionTimes {
    Seconds timeout = std::chrono::hours(8);          // more than 0
    Seconds idle_timeout = std::chrono::minutes(30);  // 0: none
    bool bind_addresses = false;                      // a client's addresses are its alone

    bool operator==(const SessionTimes&) const = default;
};

struct Strangers {
    BlockedTraffic blocked_traffic = BlockedTraffic::drop;
    std::vector<IpAddress> dns_servers;  // none: the gateway's own addresses
    std::vector<GardenRule> allow;
    bool allow_private_names = false;
    Seconds least_ttl = std::chrono::minutes(5);  // from 1 s to 1 day

    bool operator==(const Strangers&) const = default;
};

struct Audit {
    Seconds retention = std::chrono::hours(24 * 90);  // more than 0

    bool operator==(const Audit&) const = default;
};

struct Store {
    std::string url;  // "sqlite:/absolute/path"

    std::filesystem::path path() const;

    bool operator==(const Store&) const = default;
};

struct Control {
    std::filesystem::path socket;            // absolute; fits sockaddr_un
    std::string metrics = "127.0.0.1:9511";  // HOST:PORT; empty: none

    bool operator==(const Control&) const = default;
};

struct Limits {
    std::uint32_t max_clients = 65536;

    bool operator==(const Limits&) const = default;
};

// Where portald keeps its files unless a key says otherwise: --state and --run.
struct Directories {
    std::filesystem::path state = "/var/lib/xdp-portal";
    std::filesystem::path run = "/run/xdp-portal";
};

// All defaults, but for gateway.client_interfaces, which has none.
struct Config {
    explicit Config(const Directories& directories = {});

    Gateway gateway;
    Portal portal;
    SignIn sign_in;
    Remote remote;
    SessionTimes session;
    Strangers strangers;
    StrangerBudgets budgets;
    Policies policies;
    Audit audit;
    Store store;
    Control control;
    Limits limits;

    bool operator==(const Config&) const = default;
};

// As the file spells them: "auto", "click-through", …
std::string_view to_string(XdpMode mode);
std::string_view to_string(BlockedTraffic traffic);
std::string_view to_string(SignInMethod method);

}  // namespace portal::config
