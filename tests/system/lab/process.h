// Programs, started without a shell and ended with the test, even one that crashes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "system/lab/await.h"
#include "system/lab/mount_namespace.h"
#include "system/lab/net_namespace.h"

namespace portal::lab {

struct Launch {
    std::vector<std::string> command;  // the program's path, or its name to be found in PATH
    std::string input = {};            // its standard input
    std::vector<std::string> environment = {};  // NAME=value, on top of ours
    const NetNamespace* where = nullptr;        // null: our own network namespace
    const MountNamespace* files = nullptr;      // null: our own files
    bool own_group = false;                     // so that a signal can go to all it starts
};

// The command in a PID namespace of its own: whatever it starts ends with it.
std::vector<std::string> contained(const std::vector<std::string>& command);

// How a program ended.
struct Outcome {
    int exit = -1;    // its exit status; -1: ended by a signal
    int signal = 0;   // that signal
    std::string out;  // standard output
    std::string err;  // standard error
};

// A program while it runs. Destroying it kills the program and waits for its end.
class Process {
  public:
    explicit Process(const Launch& launch);
    Process(Process&&) noexcept;
    Process& operator=(Process&&) noexcept;
    ~Process();

    pid_t pid() const { return pid_; }
    bool running();
    void signal(int number) const;
    void signal_group(int number) const;

    // Waits for the end. Kills and fails the test if it does not come in `patience`.
    Outcome wait(std::chrono::seconds patience = kPatience);

    // The next line of standard output that contains `text`; none if it does not come in
    // `patience`, or the output ends before. Lines before it are passed over.
    std::optional<std::string> find_line(std::string_view text, std::chrono::milliseconds patience);
    // The same for a line that must come.
    std::string await_line(std::string_view text);

    // Standard error so far.
    std::string errors() const;

  private:
    bool read_output(int timeout_ms);
    void reap(int status);
    void kill_and_reap() noexcept;

    pid_t pid_ = -1;
    UniqueFd pidfd_;
    UniqueFd output_;       // read end of a pipe
    UniqueFd errors_;       // a memfd
    std::string out_;       // all that was read
    std::size_t seen_ = 0;  // of out_, by find_line
    std::optional<Outcome> outcome_;
};

// Runs a program to its end.
Outcome run(const Launch& launch);

// The same, for a program that must succeed; returns its standard output.
std::string run_or_fail(const Launch& launch);

}  // namespace portal::lab
