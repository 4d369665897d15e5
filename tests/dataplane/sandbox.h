// A network and a mount namespace of the test's own, with a BPF file system in it. All of it
// goes with the process.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace portal::test {

// Runs a program found by PATH and waits for it. True when it ends with 0.
bool run(const std::vector<std::string>& arguments);

class Sandbox : public testing::Test {
  protected:
    // A fresh network namespace with lo and a veth pair, gw0 — cl0, both up.
    void SetUp() override;
    void TearDown() override;

    std::filesystem::path bpffs() const { return root_ / "xdp-portal"; }

  private:
    std::filesystem::path root_;
};

}  // namespace portal::test
