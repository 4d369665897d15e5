// NetworkManager on a guest's laptop: what it makes of the portal is what GNOME, KDE and others
// show their users. Set up as Debian's network-manager-config-connectivity-debian does.
#include <regex>

#include "system/device_test.h"

namespace portal::system_test {
namespace {

constexpr const char* kBus = R"(<busconfig>
<type>system</type>
<listen>unix:path=/run/dbus/system_bus_socket</listen>
<policy context="default">
<allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
</policy>
</busconfig>
)";

// An hour between its own checks: those that count are the ones the test asks for.
constexpr const char* kSettings = R"([main]
plugins=keyfile
dns=none
auth-polkit=false
hostname-mode=none
no-auto-default=*
[connectivity]
uri=http://network-test.debian.org/nm
interval=3600
[device]
managed=1
)";

constexpr const char* kConnection = R"([connection]
id=venue
type=ethernet
interface-name=eth0
[ipv4]
method=manual
addresses=192.0.2.100/24
gateway=192.0.2.1
[ipv6]
method=manual
addresses=2001:db8::100/64
gateway=2001:db8::1
)";

// With a bus of its own, and none of the host's files.
class NetworkManager {
  public:
    explicit NetworkManager(const NetNamespace& host)
        : host_(host), files_(host, {"/run", "/etc/NetworkManager", "/var/lib/NetworkManager"}) {
        files_.write("/etc/resolv.conf", lab::kResolvConf);
        files_.write("/run/dbus/bus.conf", kBus);
        files_.write("/etc/NetworkManager/NetworkManager.conf", kSettings);
        files_.write("/etc/NetworkManager/system-connections/venue.nmconnection", kConnection,
                     0600);
        bus_.emplace(launch({"dbus-daemon", "--config-file=/run/dbus/bus.conf", "--nofork",
                             "--nopidfile", "--print-address"}));
        bus_->await_line("unix:");
        daemon_.emplace(launch({"NetworkManager", "--debug"}));
        lab::await("NetworkManager is connected", [&] {
            if (!daemon_->running()) lab::fail("NetworkManager ended: " + daemon_->errors());
            return lab::run(launch({"nmcli", "--terse", "--fields", "STATE", "general"}))
                .out.starts_with("connected");
        });
    }

    // After a check made now, it comes to this verdict: over all, over IPv4 and over IPv6.
    void expect(const std::string& verdict) const {
        EXPECT_EQ(nmcli({"networking", "connectivity", "check"}), verdict + "\n");
        // What it says of a family follows a moment later.
        lab::await(verdict + " over both families", [&] {
            static const std::regex kBoth(R"(\d \((\w+)\)\n\d \((\w+)\)\n)");
            const std::string families =
                nmcli({"--get-values", "GENERAL.IP4-CONNECTIVITY,GENERAL.IP6-CONNECTIVITY",
                       "device", "show", lab::kClientInterface});
            std::smatch match;
            return std::regex_match(families, match, kBoth) && match[1] == verdict &&
                   match[2] == verdict;
        });
    }

  private:
    lab::Launch launch(const std::vector<std::string>& command) const {
        return {.command = command, .where = &host_, .files = &files_};
    }
    std::string nmcli(std::vector<std::string> words) const {
        words.insert(words.begin(), "nmcli");
        return lab::run_or_fail(launch(words));
    }

    const NetNamespace& host_;
    MountNamespace files_;
    std::optional<Process> bus_;
    std::optional<Process> daemon_;
};

class NetworkManagerTest : public DeviceTest {
  protected:
    void SetUp() override {
        for (const char* program : {"dnsmasq", "dbus-daemon", "NetworkManager", "nmcli"})
            lab::require_program(program);
    }
};

TEST_F(NetworkManagerTest, SeesThePortalUntilSignInAndAfterTheSession) {
    const Portald portald(lab_);
    const lab::Resolver resolver(lab_);
    const NetworkManager manager(lab_.client);
    manager.expect("portal");

    ASSERT_EQ(guest4_.click_through().status, 303);
    manager.expect("full");

    ASSERT_EQ(portald.ctl({"client", "deauthorize", kClientName}).exit, 0);
    manager.expect("portal");
}

// No portal to sign in to: what fails is what lies behind it.
TEST_F(NetworkManagerTest, SeesNoPortalWhenTheInternetIsGone) {
    const Portald portald(lab_);
    const lab::Resolver resolver(lab_);
    const NetworkManager manager(lab_.client);
    ASSERT_EQ(guest6_.click_through().status, 303);
    manager.expect("full");

    internet_.reset();
    manager.expect("limited");
}

}  // namespace
}  // namespace portal::system_test
