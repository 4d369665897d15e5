// Signed claims: JSON Web Tokens (RFC 7519) in compact form, signed with HMAC SHA-256 ("HS256",
// RFC 7518 §3.2) and with nothing else. Any thread.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal::auth {

// The longest token that is looked at, in bytes.
inline constexpr std::size_t kLongestJwt = 4096;
// The shortest key that is signed with: as long as the signature (RFC 7518 §3.2).
inline constexpr std::size_t kShortestJwtKey = 32;

// A token that says `claims`. ErrorCode::invalid: `key` is too short.
Result<std::string> sign_jwt(const boost::json::object& claims, std::string_view key);

// What `token` says, if `key` has signed it; compared in constant time. What it says is not looked
// at here: not when it ends, nor whom it is for. ErrorCode::denied: it is no such token, names
// another algorithm or none, asks for an extension, or is signed by another.
Result<boost::json::object> verify_jwt(std::string_view token, std::string_view key);

}  // namespace portal::auth
