#include "responder/sandbox.h"

#include <cap-ng.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <vector>

namespace portal::responder {

namespace {

struct Account {
    uid_t user = 0;
    gid_t group = 0;
};

Result<Account> find_account(const std::string& name) {
    std::vector<char> buffer(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    const int error = getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (!found)
        return error != 0 ? fail_errno("looking up user " + name, {}, error)
                          : fail(ErrorCode::not_found, "there is no user \"" + name + "\"",
                                 "create it, or name another with --user");
    return Account{entry.pw_uid, entry.pw_gid};
}

Status become(const Account& account) {
    if (geteuid() != 0) {
        if (getuid() == account.user && geteuid() == account.user) return {};
        return fail(ErrorCode::denied, "only root can become another user");
    }
    if (setgroups(0, nullptr) != 0) return fail_errno("setgroups");
    if (setresgid(account.group, account.group, account.group) != 0) return fail_errno("setresgid");
    if (setresuid(account.user, account.user, account.user) != 0) return fail_errno("setresuid");
    return {};
}

Status check_account(const Account& account) {
    std::array<uid_t, 3> users{};
    std::array<gid_t, 3> groups{};
    if (getresuid(&users[0], &users[1], &users[2]) != 0) return fail_errno("getresuid");
    if (getresgid(&groups[0], &groups[1], &groups[2]) != 0) return fail_errno("getresgid");
    for (const uid_t user : users)
        if (user != account.user) return fail(ErrorCode::denied, "the user did not change");
    for (const gid_t group : groups)
        if (group != account.group) return fail(ErrorCode::denied, "the group did not change");
    return {};
}

// The bounding set first: that takes CAP_SETPCAP, which goes with the user.
void clear_bounding_set() {
    capng_get_caps_process();
    if (capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) == 0) return;
    capng_clear(CAPNG_SELECT_BOUNDS);
    capng_apply(CAPNG_SELECT_BOUNDS);
}

Status clear_capabilities() {
    capng_clear(CAPNG_SELECT_CAPS);
    if (capng_apply(CAPNG_SELECT_CAPS) != 0)
        return fail(ErrorCode::system, "clearing the capabilities failed");
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
        return fail_errno("clearing the ambient capabilities");
    if (capng_get_caps_process() != 0 || capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
        return fail(ErrorCode::denied, "capabilities are left");
    return {};
}

struct FilterDeleter {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterDeleter>;

// One system call and what is done with it; the conditions all hold.
Status rule(const Filter& filter, std::uint32_t action, int call,
            const std::vector<scmp_arg_cmp>& conditions = {}) {
    const int error = seccomp_rule_add_array(
        filter.get(), action, call, static_cast<unsigned>(conditions.size()), conditions.data());
    // A system call that this architecture does not have.
    if (error == 0 || error == -EDOM) return {};
    return fail_errno("building the seccomp filter", {}, -error);
}

scmp_arg_cmp argument_is(unsigned index, scmp_datum_t value) {
    return {index, SCMP_CMP_EQ, value, 0};
}

scmp_arg_cmp argument_lacks(unsigned index, scmp_datum_t bits) {
    return {index, SCMP_CMP_MASKED_EQ, bits, 0};
}

constexpr std::array kAllowed{
    // the event loop
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(restart_syscall),
    // the sockets it was given, and those they accept
    SCMP_SYS(accept4),
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(shutdown),
    SCMP_SYS(close),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    // memory, time, randomness, signals, the end
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(tgkill),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// What the sanitizers' run-time libraries need besides, in builds that have them.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::array kAllowedToSanitizers{
    SCMP_SYS(sched_yield), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(prctl),
    SCMP_SYS(pipe),        SCMP_SYS(pipe2),
};
#else
constexpr std::array<int, 0> kAllowedToSanitizers{};
#endif

// What libraries do in passing and can do without: time zones, terminals, CPU counts.
constexpr std::array kRefused{
    SCMP_SYS(open),      SCMP_SYS(openat), SCMP_SYS(stat),      SCMP_SYS(newfstatat),
    SCMP_SYS(statx),     SCMP_SYS(lstat),  SCMP_SYS(fstat),     SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(lseek),  SCMP_SYS(readlink),  SCMP_SYS(readlinkat),
    SCMP_SYS(sysinfo),   SCMP_SYS(getcwd), SCMP_SYS(prlimit64), SCMP_SYS(sched_getaffinity),
};

}  // namespace

Status drop_privileges(const std::string& user) {
    TRY_ASSIGN(const Account account, find_account(user));
    if (account.user == 0)
        return fail(ErrorCode::invalid, "the responder does not run as root",
                    "name an unprivileged user with --user");
    clear_bounding_set();
    TRY(become(account));
    TRY(check_account(account));
    TRY(clear_capabilities());
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail_errno("PR_SET_NO_NEW_PRIVS");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return fail_errno("PR_SET_DUMPABLE");
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_CORE, &no_core) != 0) return fail_errno("setrlimit RLIMIT_CORE");
    return {};
}

Status enter_seccomp() {
    const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
    if (!filter) return fail(ErrorCode::system, "seccomp_init failed");
    for (const int call : kAllowed)
        TRY(rule(filter, SCMP_ACT_ALLOW, call));
    for (const int call : kAllowedToSanitizers)
        TRY(rule(filter, SCMP_ACT_ALLOW, call));
    for (const int call : kRefused)
        TRY(rule(filter, SCMP_ACT_ERRNO(EPERM), call));
    // Memory that is never code.
    TRY(rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), {argument_lacks(2, PROT_EXEC)}));
    TRY(rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), {argument_lacks(2, PROT_EXEC)}));
    // Blocking or not, and nothing else about a descriptor.
    TRY(rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), {argument_is(1, FIONBIO)}));
    for (const int command : {F_GETFL, F_SETFL, F_GETFD, F_SETFD})
        TRY(rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl),
                 {argument_is(1, static_cast<scmp_datum_t>(command))}));
    if (const int error = seccomp_load(filter.get()); error != 0)
        return fail_errno("loading the seccomp filter", {}, -error);
    return {};
}

}  // namespace portal::responder
