// What the processes are allowed, as the kernel has it.
#include <fstream>
#include <map>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

// /proc/PID/status (proc(5)).
std::map<std::string, std::string> process_status(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/status");
    std::map<std::string, std::string> fields;
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(":\t");
        if (colon != std::string::npos) fields[line.substr(0, colon)] = line.substr(colon + 2);
    }
    return fields;
}

TEST_F(SystemTest, TheResponderIsAllowedNothing) {
    const Portald portald(lab_);
    ASSERT_TRUE(guest4_.captive());
    const auto pid = portald.json({"status"}).at("responder").at("pid").to_number<int>();
    const auto status = process_status(std::to_string(pid));
    for (const char* ids : {"Uid", "Gid"})
        EXPECT_EQ((" " + status.at(ids)).find("\t0"), std::string::npos) << status.at(ids);
    EXPECT_FALSE(status.at("Uid").starts_with("0\t"));
    EXPECT_FALSE(status.at("Gid").starts_with("0\t"));
    EXPECT_EQ(status.at("Groups").find_first_of("0123456789"), std::string::npos);
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
        EXPECT_EQ(status.at(set), "0000000000000000") << set;
    EXPECT_EQ(status.at("NoNewPrivs"), "1");
    EXPECT_EQ(status.at("Seccomp"), "2");
}

TEST_F(SystemTest, TheSocketIsTheOperatorsAlone) {
    const Portald portald(lab_);
    const auto mode = std::filesystem::status(lab_.folder() / "run/portald.sock").permissions();
    EXPECT_EQ(mode & std::filesystem::perms::others_all, std::filesystem::perms::none);
    const auto state = std::filesystem::status(lab_.folder() / "state/portal.db").permissions();
    EXPECT_EQ(state & std::filesystem::perms::others_all, std::filesystem::perms::none);
}

}  // namespace
}  // namespace portal::system_test
