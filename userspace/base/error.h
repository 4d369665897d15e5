// Errors are values. Nothing in this project throws across a module.
//
//   std::expected<Session, Error> find(Mac mac);
//   TRY_ASSIGN(auto session, find(mac));      // returns the error to the caller
//
// `what` says what failed and where; `hint` says what the operator can do about it.
#pragma once

#include <cerrno>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace portal {

// What kind of failure it is, as far as a caller may act on it. The API maps each to a status.
enum class ErrorCode {
    invalid,      // the input is wrong; the same call cannot succeed
    not_found,    // the named thing does not exist
    conflict,     // it exists already, or another holds it
    full,         // a limit is reached
    denied,       // not allowed
    unavailable,  // not now: the daemon, a device or a file cannot be reached
    system,       // the kernel or a library refused
};

struct Error {
    ErrorCode code = ErrorCode::system;
    std::string what;
    std::string hint;
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

// An Error to return: `return fail(ErrorCode::invalid, "…", "…")`.
std::unexpected<Error> fail(ErrorCode code, std::string what, std::string hint = {});

// A failed system call: `what` is followed by the text of `error_number`.
std::unexpected<Error> fail_errno(std::string_view what, std::string hint = {},
                                  int error_number = errno);

// The same error with the place it happened put before `what`.
Error within(std::string_view place, Error error);

}  // namespace portal

#define PORTAL_CONCAT_(a, b) a##b
#define PORTAL_CONCAT(a, b) PORTAL_CONCAT_(a, b)

// Returns the error of `expression` to the caller; its value, if it has one, is not wanted.
#define TRY(expression)                                              \
    do {                                                             \
        if (auto try_result = (expression); !try_result)             \
            return std::unexpected(std::move(try_result).error());   \
    } while (false)

// Declares or assigns `target` from the value of `expression`, or returns its error.
#define TRY_ASSIGN(target, expression) \
    TRY_ASSIGN_(PORTAL_CONCAT(try_result_, __LINE__), target, expression)
#define TRY_ASSIGN_(result, target, expression)                        \
    auto result = (expression);                                        \
    if (!result) return std::unexpected(std::move(result).error());    \
    target = std::move(*result)
