// When portald must not start, it says why, and changes nothing.
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

class StartupTest : public SystemTest {
  protected:
    // portald must end with an error that names each of `words`.
    void expect_refusal(const Settings& settings, const std::vector<std::string>& words,
                        const std::vector<std::string>& more = {}) const {
        const Outcome outcome = lab::run_portald(lab_, settings, more);
        EXPECT_EQ(outcome.exit, 1) << outcome.err;
        for (const std::string& word : words)
            EXPECT_NE(outcome.err.find(word), std::string::npos) << word << " in " << outcome.err;
    }
    std::filesystem::path database() const { return lab_.folder() / "state/portal.db"; }
};

class ForeignXdpProgram {
  public:
    ForeignXdpProgram(const lab::NetNamespace& host, const char* interface) {
        // return XDP_PASS
        const bpf_insn code[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS},
                                 {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
        bpf_attr load{};
        load.prog_type = BPF_PROG_TYPE_XDP;
        load.insn_cnt = 2;
        load.insns = reinterpret_cast<std::uint64_t>(code);
        load.license = reinterpret_cast<std::uint64_t>("GPL");
        std::strcpy(load.prog_name, "somebody_elses");
        program_ = call(BPF_PROG_LOAD, load);
        host.run([&] {
            bpf_attr link{};
            link.link_create.prog_fd = static_cast<std::uint32_t>(program_.get());
            link.link_create.target_ifindex = ::if_nametoindex(interface);
            link.link_create.attach_type = BPF_XDP;
            link.link_create.flags = XDP_FLAGS_DRV_MODE;
            link_ = call(BPF_LINK_CREATE, link);
        });
    }
    void detach() { link_.reset(); }

  private:
    static UniqueFd call(bpf_cmd command, bpf_attr& attributes) {
        return UniqueFd(static_cast<int>(
            lab::must(::syscall(SYS_bpf, command, &attributes, sizeof attributes), "bpf")));
    }

    UniqueFd program_;
    UniqueFd link_;
};

TEST_F(StartupTest, AForeignXdpProgramIsNamedAndLeftAlone) {
    ForeignXdpProgram foreign(lab_.gateway, lab::kGatewayInterface);
    expect_refusal({}, {"eth1", "somebody_elses"});
    EXPECT_TRUE(guest4_.online());
    foreign.detach();
    const Portald portald(lab_);
    EXPECT_TRUE(guest4_.captive());
}

TEST_F(StartupTest, AMissingInterfaceIsNamed) {
    expect_refusal({{"gateway", "client_interfaces = [\"eth7\"]"}}, {"eth7"});
}

TEST_F(StartupTest, ASecondDaemonOnTheSameFilesIsRefused) {
    const Portald first(lab_);
    const Outcome second = lab::run_portald(lab_, {});
    EXPECT_EQ(second.exit, 1) << second.err;
    EXPECT_TRUE(guest4_.captive());
    EXPECT_EQ(first.ctl({"status"}).exit, 0);
}

TEST_F(StartupTest, BadConfigurationLinesAreNamed) {
    expect_refusal({{"portal", "nmae = \"x\""}}, {"refused.toml:", "nmae"});
    expect_refusal({{"session", "timeout = \"soon\""}}, {"refused.toml:", "session.timeout"});
    expect_refusal({{"session", "timeout = 8"}}, {"refused.toml:", "session.timeout"});
    expect_refusal({{"gateway", "xdp_mode = \"auto\""}}, {"gateway.client_interfaces"});
    expect_refusal({{"nonsense", ""}}, {"refused.toml:", "nonsense"});
    expect_refusal({{"portal", "name = "}}, {"refused.toml:"});
    expect_refusal({{"strangers", "allow = [\"203.0.113.1/24\"]"}}, {"strangers.allow"});
    EXPECT_TRUE(guest4_.online());
}

TEST_F(StartupTest, CheckSaysWhatStartingWould) {
    const Outcome good = lab::run_portald(lab_, {}, {"--check"});
    EXPECT_EQ(good.exit, 0) << good.err;
    expect_refusal({{"session", "timeout = \"soon\""}}, {"session.timeout"}, {"--check"});
}

TEST_F(StartupTest, ASocketPathTooLongIsNamed) {
    const std::string path = "/run/" + std::string(200, 'x') + ".sock";
    expect_refusal({{"control", "socket = \"" + path + "\""}}, {"control.socket"});
}

TEST_F(StartupTest, ADatabaseThatIsNoneIsLeftAlone) {
    std::filesystem::create_directories(database().parent_path());
    std::ofstream(database()) << std::string(8192, 'x');
    expect_refusal({}, {"portal.db"});
    EXPECT_EQ(std::filesystem::file_size(database()), 8192u);
    EXPECT_TRUE(guest4_.online());
}

TEST_F(StartupTest, ADatabaseOfANewerVersionIsLeftAlone) {
    Portald(lab_).stop();
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open(database().c_str(), &file), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(file, "PRAGMA user_version = 999", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(file);
    expect_refusal({}, {"portal.db", "999"});
}

TEST_F(StartupTest, TwoInstancesSideBySide) {
    const lab::Lab other;
    const lab::WebServer web(other.internet, {{kServer4, 80}, {kServer4, 443}});
    const Guest neighbor(other.client, Family::ipv4);
    const Portald here(lab_);
    const Portald there(other);
    ASSERT_EQ(here.ctl({"client", "authorize", kClientName}).exit, 0);
    EXPECT_TRUE(guest4_.online());
    EXPECT_TRUE(neighbor.captive());
    EXPECT_EQ(neighbor.click_through().status, 303);
    EXPECT_TRUE(neighbor.online());
    ASSERT_EQ(here.ctl({"client", "deauthorize", kClientName}).exit, 0);
    EXPECT_TRUE(neighbor.online());
}

}  // namespace
}  // namespace portal::system_test
