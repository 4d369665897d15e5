// What the lab itself cannot do ends the test: GoogleTest reports the exception.
#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace portal::lab {

[[noreturn]] inline void fail(const std::string& what) {
    throw std::runtime_error(what);
}

[[noreturn]] inline void fail_errno(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// The result of a system call that must not fail.
template <typename T>
T must(T result, const std::string& what) {
    if (result < 0) fail_errno(what);
    return result;
}

}  // namespace portal::lab
