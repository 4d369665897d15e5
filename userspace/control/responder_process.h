// portal-responder as a child process: started with a clean environment, its channel as file
// descriptor 3 and nothing else of ours open.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::control {

class ResponderProcess {
  public:
    // `channel` stays the caller's. The process switches to `user` by itself. Fails where the
    // program cannot be started. `more` are options of its.
    static Result<ResponderProcess> spawn(const std::filesystem::path& program,
                                          const std::string& user, int channel,
                                          const std::vector<std::string>& more = {});

    // A process that has not been reaped is killed.
    ~ResponderProcess();
    ResponderProcess(ResponderProcess&& other) noexcept = default;
    ResponderProcess& operator=(ResponderProcess&& other) = delete;

    pid_t pid() const { return pid_; }
    // Readable when the process has ended.
    int pidfd() const { return pidfd_.get(); }

    // SIGTERM, or SIGKILL.
    void terminate();
    void kill();

    // Once it has ended: how, as "exited with status 3" or "was killed by signal 11".
    std::string reap();

  private:
    ResponderProcess(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

    void send(int signal);

    pid_t pid_;
    UniqueFd pidfd_;  // closed once reaped
};

// `wanted` if there is such a user, else "nobody", with a warning.
std::string existing_user(const std::string& wanted);

}  // namespace portal::control
