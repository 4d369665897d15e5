// A way to sign in: given what a guest typed, who is it?
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "base/error.h"

namespace portal::auth {

// What the guest sent, unchecked. A method ignores what it does not ask for.
struct Credentials {
    std::string user;
    std::string password;
};

// Who signed in, as far as the method tells.
struct Identity {
    std::optional<std::string> user = {};
    std::optional<Seconds> timeout = {};     // of the session; none: as configured
    std::optional<std::string> policy = {};  // none: as configured

    bool operator==(const Identity&) const = default;
};

// Thread-safe. authenticate() may block, and burn a tenth of a second of CPU: call it from a
// worker thread, never from an event loop.
class Authenticator {
  public:
    virtual ~Authenticator() = default;

    // The name of the method, as the configuration and Session::method write it.
    virtual std::string_view method() const = 0;

    // ErrorCode::denied: wrong credentials, with one text that does not tell which part.
    // Anything else is our failure, and no attempt of the guest's.
    virtual Result<Identity> authenticate(const Credentials& credentials) = 0;
};

}  // namespace portal::auth
