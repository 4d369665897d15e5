// A directory of its own for a test; goes with all it holds.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace portal::portalctl::test {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        if (!mkdtemp(path_.data())) throw std::runtime_error("mkdtemp");
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }

    // A file of that content; its path.
    std::string file(std::string_view name, std::string_view content) const {
        std::ofstream(path(name)) << content;
        return path(name);
    }

  private:
    std::string path_ = "/tmp/portalctl-test-XXXXXX";
};

}  // namespace portal::portalctl::test
