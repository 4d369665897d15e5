// The faults found in one file, gathered so that an operator sees them all at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace portal::config {

// What is wrong with a value: "expected …, got …".
struct Fault {
    unsigned line = 1;
    std::string text;
};

class Diagnostics {
  public:
    explicit Diagnostics(std::string_view file);

    // `key` is the dotted key; empty where the fault is the file's own.
    void add(std::string_view key, Fault fault);

    bool empty() const { return faults_.empty(); }

    // One line a fault, sorted by line: "portald.toml:12: session.timeout: expected …, got …".
    Error error() const;

  private:
    std::string file_;
    std::vector<Fault> faults_;
};

}  // namespace portal::config
