// A process under test, its standard streams in the test's hands.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace portal::portalctl::test {

class Child {
  public:
    // `program` is looked up in PATH. `terminal`, if given, is its standard input; else that is
    // write()'s.
    explicit Child(const std::vector<std::string>& program_and_arguments, int terminal = -1);
    ~Child();

    void write(std::string_view text);
    void close_input() { input_.reset(); }

    // Reads on until what has been read holds `text`, or the stream ends.
    const std::string& read_output_until(std::string_view text);
    const std::string& read_error_until(std::string_view text);

    void signal(int number);
    // Reads both streams to their ends; the exit status, or 128 and the signal.
    int wait();

    const std::string& output() const { return output_text_; }
    const std::string& error() const { return error_text_; }

  private:
    pid_t pid_ = -1;
    UniqueFd input_, output_, error_;
    std::string output_text_, error_text_;
};

struct Ended {
    int status = 0;
    std::string output;
    std::string error;
};

// Runs to the end with `input` on standard input.
Ended run_child(const std::vector<std::string>& program_and_arguments, std::string_view input = "");

}  // namespace portal::portalctl::test
