#include "control/responder_process.h"

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <vector>

#include "base/log.h"
#include "ipc/protocol.h"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot to say so
}

namespace portal::control {

namespace {

// The libc's lists of what to do between fork and exec; each call's error is its value.
class SpawnPlan {
  public:
    SpawnPlan() {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
    }
    ~SpawnPlan() {
        posix_spawnattr_destroy(&attributes_);
        posix_spawn_file_actions_destroy(&actions_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    Status prepare(int channel) {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        const std::array results = {
            posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
            posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0),
            posix_spawn_file_actions_adddup2(&actions_, channel, ipc::kResponderFd),
            posix_spawn_file_actions_addclosefrom_np(&actions_, ipc::kResponderFd + 1),
            posix_spawnattr_setsigmask(&attributes_, &none),
            posix_spawnattr_setsigdefault(&attributes_, &all),
            // Its own group: a Ctrl-C in a terminal is portald's to act on.
            posix_spawnattr_setpgroup(&attributes_, 0),
            posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                       POSIX_SPAWN_SETPGROUP)};
        for (const int error : results)
            if (error != 0) return fail_errno("preparing to start the responder", {}, error);
        return {};
    }

    Result<pid_t> spawn(const std::filesystem::path& program, std::vector<std::string> arguments) {
        std::vector<char*> argv;
        for (std::string& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        std::array<char*, 1> environment = {nullptr};
        pid_t pid = -1;
        const int error = posix_spawn(&pid, program.c_str(), &actions_, &attributes_, argv.data(),
                                      environment.data());
        if (error != 0)
            return fail_errno("cannot start " + program.string(),
                              "install portal-responder beside portald, or give --responder PATH",
                              error);
        return pid;
    }

  private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

}  // namespace

Result<ResponderProcess> ResponderProcess::spawn(const std::filesystem::path& program,
                                                 const std::string& user, int channel,
                                                 const std::vector<std::string>& more) {
    SpawnPlan plan;
    TRY(plan.prepare(channel));
    std::vector<std::string> arguments = {program.filename(), "--user", user};
    arguments.insert(arguments.end(), more.begin(), more.end());
    TRY_ASSIGN(const pid_t pid, plan.spawn(program, std::move(arguments)));
    // Nobody else reaps it, so the number is still its own.
    UniqueFd pidfd(pidfd_open(pid, 0));
    if (!pidfd) {
        const auto failure = fail_errno("pidfd_open");
        ::kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        return failure;
    }
    return ResponderProcess(pid, std::move(pidfd));
}

ResponderProcess::~ResponderProcess() {
    if (!pidfd_) return;
    kill();
    reap();
}

void ResponderProcess::terminate() {
    send(SIGTERM);
}

void ResponderProcess::kill() {
    send(SIGKILL);
}

void ResponderProcess::send(int signal) {
    if (pidfd_) pidfd_send_signal(pidfd_.get(), signal, nullptr, 0);
}

std::string ResponderProcess::reap() {
    siginfo_t info{};
    while (waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED) != 0 &&
           errno == EINTR) {
    }
    pidfd_.reset();
    if (info.si_code == CLD_EXITED) return "exited with status " + std::to_string(info.si_status);
    return "was killed by signal " + std::to_string(info.si_status);
}

std::string existing_user(const std::string& wanted) {
    std::vector<char> buffer(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    if (getpwnam_r(wanted.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
        return wanted;
    spdlog::warn("there is no user {}; the responder runs as nobody", wanted);
    return "nobody";
}

}  // namespace portal::control
