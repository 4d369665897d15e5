// RFC 8910 over DHCP: the servers that gateways run, with the files of docs/examples as they are,
// behind the gate; and the clients that devices run, each a stranger, which read the URI back.
// The lab's addresses and interfaces are those that the examples name.
#include <fstream>

#include "system/device_test.h"

namespace portal::system_test {
namespace {

const std::string kUri = "https://portal.example.net/capport";

enum class Server { dnsmasq, kea };

std::string to_string(Server server) {
    return server == Server::dnsmasq ? "dnsmasq" : "Kea";
}

std::ostream& operator<<(std::ostream& out, Server server) {
    return out << to_string(server);
}

std::string example(const std::string& name) {
    std::ifstream file(DOCS "/examples/" + name);
    if (!file) lab::fail("no such example: " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A server for each family, on the gateway; one process for both, or two.
class DhcpServers {
  public:
    DhcpServers(const lab::Lab& lab, Server server)
        : gateway_(lab.gateway), files_(lab.gateway, {"/run", "/var/lib"}) {
        if (server == Server::dnsmasq) {
            start_dnsmasq();
        } else {
            files_.make_folder("/run/kea");
            files_.make_folder("/var/lib/kea");
            start_kea("kea-dhcp4", "DHCP4_STARTED");
            start_kea("kea-dhcp6", "DHCP6_STARTED");
        }
    }

  private:
    // The example is a part of a configuration; the rest is here. Without the ping that looks for
    // a station with the address: it takes three seconds.
    void start_dnsmasq() {
        const std::string configuration = "/etc/dnsmasq.d/captive-portal.conf";
        files_.write(configuration, example("dnsmasq-captive-portal.conf"));
        start({"dnsmasq", "--no-daemon", "--conf-file=" + configuration, "--port=0",
               "--bind-interfaces", "--interface=eth1", "--no-ping", "--dhcp-leasefile=/run/leases",
               "--dhcp-range=192.0.2.10,192.0.2.99", "--dhcp-range=2001:db8::1000,2001:db8::1fff"},
              "sockets bound exclusively to interface eth1");
    }
    void start_kea(const std::string& program, const std::string& started) {
        const std::string configuration = "/etc/kea/" + program + ".conf";
        files_.write(configuration, example(program + "-captive-portal.json"));
        start({program, "-c", configuration}, started);
    }
    // Until its log, which is its standard error, says `started`.
    void start(const std::vector<std::string>& command, const std::string& started) {
        Process& server = processes_.emplace_back(
            lab::Launch{.command = command, .where = &gateway_, .files = &files_});
        lab::await(started, [&] {
            if (!server.running()) lab::fail(command.front() + " ended: " + server.errors());
            return server.errors().find(started) != std::string::npos;
        });
    }

    const NetNamespace& gateway_;
    MountNamespace files_;
    std::vector<Process> processes_;
};

std::string from_hex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

class RFC8910Test : public DeviceTest, public testing::WithParamInterface<Server> {
  protected:
    void SetUp() override {
        for (const char* program :
             {"dnsmasq", "kea-dhcp4", "kea-dhcp6", "dhclient", "busybox", "dhcpcd"})
            lab::require_program(program);
    }

    // What the client hands to its script as `variable`. A script prints its environment.
    std::string learned(const std::vector<std::string>& client, const std::string& variable) {
        Process process(
            {.command = lab::contained(client), .where = &lab_.client, .files = &files()});
        const std::string prefix = variable + "=";
        const std::string line = process.await_line(prefix);
        EXPECT_TRUE(line.starts_with(prefix)) << line;
        return line.substr(prefix.size());
    }

    std::string by_dhclient(const char* family, const std::string& variable) {
        return learned({"dhclient", family, "-d", "-1", "-cf", "/run/dhclient.conf", "-lf",
                        "/run/dhclient.leases", "-pf", "/run/dhclient.pid", "-sf",
                        "/run/print-environment", lab::kClientInterface},
                       variable);
    }
    std::string by_udhcpc() {
        return from_hex(learned({"busybox", "udhcpc", "-i", lab::kClientInterface, "-f", "-q", "-n",
                                 "-O", "114", "-s", "/run/print-environment"},
                                "opt114"));
    }
    std::string by_dhcpcd(const char* family, const std::string& variable) {
        return learned({"dhcpcd", family, "--nobackground", "--config", "/run/dhcpcd.conf",
                        "--script", "/run/print-environment", lab::kClientInterface},
                       variable);
    }

    const MountNamespace& files() {
        if (files_) return *files_;
        files_.emplace(lab_.client, std::vector<std::filesystem::path>{"/run", "/var/lib"});
        files_->make_folder("/var/lib/dhcpcd");
        files_->write("/run/print-environment", "#!/bin/sh\nexec env\n", 0755);
        // Debian 12's dhclient calls option 114 by an older name, and knows no option 103.
        files_->write("/run/dhclient.conf",
                      "option dhcp6.captive-portal code 103 = text;\n"
                      "request subnet-mask, routers, default-url;\n"
                      "also request dhcp6.captive-portal;\n");
        // Debian 12's dhcpcd knows neither.
        files_->write("/run/dhcpcd.conf",
                      "define 114 string captive_portal_uri\n"
                      "define6 103 string captive_portal_uri\n"
                      "option captive_portal_uri\noption dhcp6_captive_portal_uri\n"
                      "noarp\nnoipv6rs\nia_na\n");
        return *files_;
    }

  private:
    std::optional<MountNamespace> files_;
};

TEST_P(RFC8910Test, Section21DHCPv4Option114) {
    const Portald portald(lab_);
    const DhcpServers servers(lab_, GetParam());
    EXPECT_EQ(by_dhclient("-4", "new_default_url"), kUri);
    // "The URI parameter is not null terminated": udhcpc shows the bytes.
    EXPECT_EQ(by_udhcpc(), kUri);
    EXPECT_EQ(by_dhcpcd("-4", "new_captive_portal_uri"), kUri);
    EXPECT_GT(portald.packets("dhcp"), 0u);
}

TEST_P(RFC8910Test, Section22DHCPv6Option103) {
    const Portald portald(lab_);
    const DhcpServers servers(lab_, GetParam());
    EXPECT_EQ(by_dhclient("-6", "new_dhcp6_captive_portal"), kUri);
    EXPECT_EQ(by_dhcpcd("-6", "new_dhcp6_captive_portal_uri"), kUri);
    EXPECT_GT(portald.packets("dhcp"), 0u);
}

INSTANTIATE_TEST_SUITE_P(From, RFC8910Test, testing::Values(Server::dnsmasq, Server::kea),
                         [](const auto& server) { return to_string(server.param); });

}  // namespace
}  // namespace portal::system_test
