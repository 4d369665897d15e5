// How a command of portalctl ends.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace portal::portalctl {

// The exit status.
enum class Exit {
    done = 0,
    failed = 1,       // refused, or found something wrong
    usage = 2,        // not a command
    unreachable = 3,  // no daemon to ask
};

// Why a command did not do what it was asked. Every error of the rest of the project becomes
// one with Exit::failed.
struct Failure {
    std::string what;
    std::string hint;
    Exit exit = Exit::failed;

    Failure(std::string what_, std::string hint_, Exit exit_)
        : what(std::move(what_)), hint(std::move(hint_)), exit(exit_) {}
    // Implicit, so that TRY and TRY_ASSIGN pass errors on.
    Failure(Error error) : what(std::move(error.what)), hint(std::move(error.hint)) {}
};

template <typename T>
using Outcome = std::expected<T, Failure>;

inline std::unexpected<Failure> stop(Exit exit, std::string what, std::string hint = {}) {
    return std::unexpected(Failure(std::move(what), std::move(hint), exit));
}

}  // namespace portal::portalctl
