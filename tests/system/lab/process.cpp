#include "system/lab/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>

#include "system/lab/failure.h"

namespace portal::lab {

namespace {

using Clock = std::chrono::steady_clock;

UniqueFd memory_file(const std::string& content = {}) {
    UniqueFd fd(must(::memfd_create("lab", MFD_CLOEXEC), "memfd_create"));
    must(::write(fd.get(), content.data(), content.size()), "memfd");
    must(::lseek(fd.get(), 0, SEEK_SET), "memfd");
    return fd;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry)
        result.emplace_back(*entry);
    result.insert(result.end(), more.begin(), more.end());
    return result;
}

struct Wiring {
    int in;
    int out;
    int err;
    int net;    // -1: stay
    int files;  // the same
    bool own_group;
};

// In the child: only what is safe between fork and exec of a process with threads.
[[noreturn]] void become(const Wiring& wiring, char* const* command, char* const* environment) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (wiring.own_group) ::setpgid(0, 0);
    if (::dup2(wiring.in, STDIN_FILENO) < 0 || ::dup2(wiring.out, STDOUT_FILENO) < 0 ||
        ::dup2(wiring.err, STDERR_FILENO) < 0)
        ::_exit(126);
    if (wiring.net >= 0 && ::setns(wiring.net, CLONE_NEWNET) < 0) ::_exit(126);
    if (wiring.files >= 0 && ::setns(wiring.files, CLONE_NEWNS) < 0) ::_exit(126);
    ::execvpe(command[0], command, environment);
    ::_exit(127);
}

}  // namespace

std::vector<std::string> contained(const std::vector<std::string>& command) {
    std::vector<std::string> all{"unshare", "--fork", "--pid", "--kill-child", "--mount-proc"};
    all.insert(all.end(), command.begin(), command.end());
    return all;
}

Process::Process(const Launch& launch) : errors_(memory_file()) {
    std::vector<std::string> words = launch.command;
    std::vector<std::string> settings = environment_with(launch.environment);
    const std::vector<char*> command = pointers(words);
    const std::vector<char*> environment = pointers(settings);
    const UniqueFd input = memory_file(launch.input);
    std::array<int, 2> ends{};
    must(::pipe2(ends.data(), O_CLOEXEC), "pipe");
    output_.reset(ends[0]);
    const UniqueFd output(ends[1]);
    const Wiring wiring{.in = input.get(),
                        .out = output.get(),
                        .err = errors_.get(),
                        .net = launch.where != nullptr ? launch.where->fd() : -1,
                        .files = launch.files != nullptr ? launch.files->fd() : -1,
                        .own_group = launch.own_group};
    pid_ = must(::fork(), "fork");
    if (pid_ == 0) become(wiring, command.data(), environment.data());
    if (launch.own_group) ::setpgid(pid_, pid_);
    pidfd_.reset(static_cast<int>(must(::syscall(SYS_pidfd_open, pid_, 0), "pidfd_open")));
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      out_(std::move(other.out_)),
      seen_(other.seen_),
      outcome_(std::move(other.outcome_)) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        kill_and_reap();
        pid_ = std::exchange(other.pid_, -1);
        pidfd_ = std::move(other.pidfd_);
        output_ = std::move(other.output_);
        errors_ = std::move(other.errors_);
        out_ = std::move(other.out_);
        seen_ = other.seen_;
        outcome_ = std::move(other.outcome_);
    }
    return *this;
}

Process::~Process() {
    kill_and_reap();
}

void Process::kill_and_reap() noexcept {
    if (pid_ < 0 || outcome_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool Process::running() {
    if (outcome_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
    reap(status);
    return false;
}

void Process::signal(int number) const {
    must(::kill(pid_, number), "kill");
}

void Process::signal_group(int number) const {
    must(::kill(-pid_, number), "kill");
}

// False when the output has ended, or nothing came in time.
bool Process::read_output(int timeout_ms) {
    pollfd wanted{.fd = output_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, timeout_ms) <= 0) return false;
    std::array<char, 65536> chunk{};
    const ssize_t length = ::read(output_.get(), chunk.data(), chunk.size());
    if (length <= 0) return false;
    out_.append(chunk.data(), static_cast<std::size_t>(length));
    return true;
}

void Process::reap(int status) {
    outcome_.emplace();
    if (WIFEXITED(status)) outcome_->exit = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) outcome_->signal = WTERMSIG(status);
}

Outcome Process::wait(std::chrono::seconds patience) {
    if (!outcome_) {
        const auto deadline = Clock::now() + patience;
        std::array<pollfd, 2> wanted{pollfd{output_.get(), POLLIN, 0},
                                     pollfd{pidfd_.get(), POLLIN, 0}};
        // What the program started may hold its output open after its end.
        while (wanted[1].revents == 0) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
            if (left.count() <= 0) {
                ::kill(pid_, SIGKILL);
                fail("did not end: process " + std::to_string(pid_) + "\n" + errors());
            }
            ::poll(wanted.data(), wanted.size(), static_cast<int>(left.count()));
            if ((wanted[0].revents & POLLIN) != 0) read_output(0);
            if ((wanted[0].revents & POLLHUP) != 0) wanted[0].fd = -1;
        }
        int status = 0;
        must(::waitpid(pid_, &status, 0), "waitpid");
        reap(status);
    }
    while (read_output(0)) {
    }
    outcome_->out = out_;
    outcome_->err = errors();
    return *outcome_;
}

std::optional<std::string> Process::find_line(std::string_view text,
                                              std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    for (;;) {
        for (std::size_t end = out_.find('\n', seen_); end != std::string::npos;
             end = out_.find('\n', seen_)) {
            std::string line = out_.substr(seen_, end - seen_);
            seen_ = end + 1;
            if (line.find(text) != std::string::npos) return line;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || !read_output(static_cast<int>(left.count()))) return std::nullopt;
    }
}

std::string Process::await_line(std::string_view text) {
    std::optional<std::string> line = find_line(text, kPatience);
    if (!line) fail("never said: " + std::string(text) + "\nbut:\n" + out_ + errors());
    return *std::move(line);
}

std::string Process::errors() const {
    std::string text;
    std::array<char, 4096> chunk{};
    off_t at = 0;
    for (;;) {
        const ssize_t length = ::pread(errors_.get(), chunk.data(), chunk.size(), at);
        if (length <= 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(length));
        at += length;
    }
}

Outcome run(const Launch& launch) {
    return Process(launch).wait();
}

std::string run_or_fail(const Launch& launch) {
    Outcome outcome = run(launch);
    if (outcome.exit != 0) {
        std::string line;
        for (const std::string& word : launch.command)
            line += word + ' ';
        fail(line + "ended with " + std::to_string(outcome.exit) + ": " + outcome.err);
    }
    return std::move(outcome.out);
}

}  // namespace portal::lab
