#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace portal::portalctl::test {

namespace {

// A child may end without reading its input: writing to a socket can be kept from raising
// SIGPIPE in the test.
std::pair<UniqueFd, UniqueFd> make_socket_pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::runtime_error("socketpair");
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::pair<UniqueFd, UniqueFd> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// Appends what can be read; closes at the end.
void read_once(UniqueFd& fd, std::string& text) {
    std::array<char, 4096> piece;
    const ssize_t count = read(fd.get(), piece.data(), piece.size());
    if (count > 0) {
        text.append(piece.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
        fd.reset();
    }
}

void read_until(UniqueFd& fd, std::string& text, std::string_view wanted) {
    while (fd && text.find(wanted) == std::string::npos)
        read_once(fd, text);
}

}  // namespace

Child::Child(const std::vector<std::string>& words, int terminal) {
    auto [input_end, input] = make_socket_pair();
    auto [output, output_end] = make_pipe();
    auto [error, error_end] = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, terminal >= 0 ? terminal : input_end.get(), 0);
    posix_spawn_file_actions_adddup2(&actions, output_end.get(), 1);
    posix_spawn_file_actions_adddup2(&actions, error_end.get(), 2);
    std::vector<char*> argv;
    for (const std::string& word : words)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const int failure = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error("cannot start " + words.at(0));
    input_ = std::move(input);
    output_ = std::move(output);
    error_ = std::move(error);
}

Child::~Child() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

void Child::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = send(input_.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0) return;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

const std::string& Child::read_output_until(std::string_view text) {
    read_until(output_, output_text_, text);
    return output_text_;
}

const std::string& Child::read_error_until(std::string_view text) {
    read_until(error_, error_text_, text);
    return error_text_;
}

void Child::signal(int number) {
    kill(pid_, number);
}

int Child::wait() {
    while (output_ || error_) {
        std::array<pollfd, 2> streams = {{{output_.get(), POLLIN, 0}, {error_.get(), POLLIN, 0}}};
        if (poll(streams.data(), streams.size(), -1) < 0) continue;
        if (streams[0].revents != 0) read_once(output_, output_text_);
        if (streams[1].revents != 0) read_once(error_, error_text_);
    }
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Ended run_child(const std::vector<std::string>& words, std::string_view input) {
    Child child(words);
    child.write(input);
    child.close_input();
    const int status = child.wait();
    return {status, child.output(), child.error()};
}

}  // namespace portal::portalctl::test
