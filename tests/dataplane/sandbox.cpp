#include "sandbox.h"

#include <sched.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace portal::test {

bool run(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t pid = 0;
    if (posix_spawnp(&pid, argv.front(), nullptr, nullptr, argv.data(), environ) != 0) return false;
    int status = 0;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void Sandbox::SetUp() {
    ASSERT_EQ(geteuid(), 0U) << "these tests load BPF programs: run them as root";
    ASSERT_EQ(unshare(CLONE_NEWNET | CLONE_NEWNS), 0);
    ASSERT_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    char name[] = "/tmp/portal-bpffs-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    root_ = name;
    ASSERT_EQ(mount("bpf", name, "bpf", 0, nullptr), 0);
    ASSERT_TRUE(run({"ip", "link", "set", "lo", "up"}));
    ASSERT_TRUE(run({"ip", "link", "add", "gw0", "type", "veth", "peer", "name", "cl0"}));
    ASSERT_TRUE(run({"ip", "link", "set", "gw0", "up"}));
    ASSERT_TRUE(run({"ip", "link", "set", "cl0", "up"}));
}

void Sandbox::TearDown() {
    if (root_.empty()) return;
    umount2(root_.c_str(), MNT_DETACH);
    std::filesystem::remove(root_);
}

}  // namespace portal::test
