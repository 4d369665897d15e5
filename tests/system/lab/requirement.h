// Programs that are not ours and that a test cannot do without.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>

namespace portal::lab {

// Whether PATH holds a program of this name.
inline bool has_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "/usr/sbin:/usr/bin:/sbin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((std::filesystem::path(folder) / name).c_str(), X_OK) == 0) return true;
    return false;
}

// To be called in SetUp(): without the program, the test fails before its body; with
// PORTAL_ALLOW_SKIP=1 in the environment (scripts/test --allow-skips) it is skipped, loudly.
inline void require_program(const std::string& name) {
    if (has_program(name)) return;
    const char* allowed = std::getenv("PORTAL_ALLOW_SKIP");
    if (allowed == nullptr || std::string(allowed) != "1")
        FAIL() << name << " is not installed: scripts/deps --test installs it; "
               << "scripts/test --allow-skips does without";
    std::cerr << "*** SKIPPED, " << name << " is not installed ***\n";
    GTEST_SKIP() << name << " is not installed";
}

}  // namespace portal::lab
