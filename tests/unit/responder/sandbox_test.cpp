// What a process in the sandbox has left, seen from outside, and what it can still do.
#include "responder/sandbox.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

namespace portal::responder {
namespace {

// Someone to become: "nobody" for root, oneself for anybody else.
passwd account() {
    return *(geteuid() == 0 ? getpwnam("nobody") : getpwuid(geteuid()));
}

// Runs `body` in a child process, and gives its wait status. `while_waiting` is called with the
// child's id as soon as `body` has called the function it is given, and the child waits for it.
using Pause = std::function<void()>;
int in_child(const std::function<int(const Pause&)>& body,
             const std::function<void(pid_t)>& while_waiting = {}) {
    std::array<int, 2> sockets{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        close(sockets[0]);
        _exit(body([&] {
            char byte = 'p';
            if (write(sockets[1], &byte, 1) != 1 || read(sockets[1], &byte, 1) != 1) _exit(99);
        }));
    }
    close(sockets[1]);
    char byte = 0;
    if (while_waiting && read(sockets[0], &byte, 1) == 1) {
        while_waiting(child);
        EXPECT_EQ(write(sockets[0], &byte, 1), 1);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    close(sockets[0]);
    return status;
}

bool exited_with(int status, int code) {
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

std::map<std::string, std::string> read_status(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    std::map<std::string, std::string> lines;
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(":\t");
        if (colon != std::string::npos) lines[line.substr(0, colon)] = line.substr(colon + 2);
    }
    return lines;
}

TEST(Sandbox, NothingIsLeft) {
    const passwd user = account();
    const int status = in_child(
        [&](const Pause& pause) {
            if (!drop_privileges(user.pw_name)) return 1;
            if (!enter_seccomp()) return 2;
            pause();
            return 0;
        },
        [&](pid_t child) {
            auto lines = read_status(child);
            const std::string none = "0000000000000000";
            for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"})
                EXPECT_EQ(lines[set], none) << set;
            if (geteuid() == 0) {
                EXPECT_EQ(lines["CapBnd"], none);
                EXPECT_THAT(lines["Groups"], testing::MatchesRegex(" *"));
            }
            const std::string uid = std::to_string(user.pw_uid);
            EXPECT_EQ(lines["Uid"], uid + "\t" + uid + "\t" + uid + "\t" + uid);
            EXPECT_EQ(lines["NoNewPrivs"], "1");
            EXPECT_EQ(lines["Seccomp"], "2");
        });
    EXPECT_TRUE(exited_with(status, 0)) << status;
}

TEST(Sandbox, NoCoreIsWrittenAndNobodyMayTrace) {
    const int status = in_child([&](const Pause&) {
        if (!drop_privileges(account().pw_name)) return 1;
        rlimit core{};
        getrlimit(RLIMIT_CORE, &core);
        return core.rlim_max == 0 ? 0 : 2;
    });
    EXPECT_TRUE(exited_with(status, 0)) << status;
}

TEST(Sandbox, RootIsNoUserToBecome) {
    const Status status = drop_privileges("root");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::invalid);
}

TEST(Sandbox, ThereMustBeSuchAUser) {
    const Status status = drop_privileges("no-such-user-here");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::not_found);
}

TEST(Sandbox, AnotherUserIsForRootToBecome) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const int status = in_child([](const Pause&) {
        if (setresuid(12345, 12345, 12345) != 0) return 1;
        const Status dropped = drop_privileges("nobody");
        return !dropped && dropped.error().code == ErrorCode::denied ? 0 : 2;
    });
    EXPECT_TRUE(exited_with(status, 0)) << status;
}

struct Forbidden {
    const char* name;
    std::function<void()> act;
};

class ForbiddenTest : public testing::TestWithParam<Forbidden> {};

TEST_P(ForbiddenTest, EndsTheProcess) {
    const int status = in_child([](const Pause&) {
        if (!enter_seccomp()) return 1;
        GetParam().act();
        return 0;
    });
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(WTERMSIG(status), SIGSYS);
}

INSTANTIATE_TEST_SUITE_P(
    All, ForbiddenTest,
    testing::Values(Forbidden{"Socket", [] { syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }},
                    Forbidden{"Connect", [] { syscall(SYS_connect, 0, nullptr, 0); }},
                    Forbidden{"Bind", [] { syscall(SYS_bind, 0, nullptr, 0); }},
                    Forbidden{"Execute",
                              [] { syscall(SYS_execve, "/bin/true", nullptr, nullptr); }},
                    Forbidden{"Fork", [] { syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }},
                    Forbidden{"Trace", [] { syscall(SYS_ptrace, 0, 0, 0, 0); }},
                    Forbidden{"Kill", [] { syscall(SYS_kill, 1, 0); }},
                    Forbidden{"Unlink", [] { syscall(SYS_unlinkat, AT_FDCWD, "/tmp/none", 0); }},
                    Forbidden{"Bpf", [] { syscall(SYS_bpf, 0, nullptr, 0); }},
                    Forbidden{"Executable",
                              [] {
                                  syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_EXEC,
                                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                              }},
                    Forbidden{"Terminal", [] { syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x"); }},
                    Forbidden{"Duplicate", [] { syscall(SYS_fcntl, 0, F_DUPFD, 0); }}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Seccomp, FilesDoNotOpen) {
    const int status = in_child([](const Pause&) {
        if (!enter_seccomp()) return 1;
        if (open("/etc/passwd", O_RDONLY) != -1 || errno != EPERM) return 2;
        if (open("/tmp/portal-sandbox-test", O_WRONLY | O_CREAT, 0600) != -1) return 3;
        return 0;
    });
    EXPECT_TRUE(exited_with(status, 0)) << status;
}

}  // namespace
}  // namespace portal::responder
