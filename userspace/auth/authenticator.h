// A way to sign in: given what a guest typed, who is it?
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "base/error.h"
#include "base/time.h"
#include "domain/client.h"

namespace portal::auth {

// What the guest sent, unchecked, and what is known beside it. A method ignores what it does not
// ask for.
struct Credentials {
    std::string user = {};
    std::string password = {};
    std::string voucher = {};
    ClientId client = {};  // who asks, as the dataplane knows it
    WallTime now{};        // when
    // How long a session lasts under this policy, or where none is named; none: the policy keeps
    // the client out. For methods that are not slow alone.
    std::function<std::optional<Seconds>(const std::optional<std::string>& policy)>
        session_timeout = {};
};

// Who signed in, as far as the method tells, and what the session is to be.
struct Identity {
    std::optional<std::string> user = {};
    std::optional<Seconds> timeout = {};     // from now; none: as configured
    std::optional<std::string> policy = {};  // none: of the method's list

    bool operator==(const Identity&) const = default;
};

// Thread-safe.
class Authenticator {
  public:
    virtual ~Authenticator() = default;

    // The name of the method, as the configuration and Session::method write it.
    virtual std::string_view method() const = 0;

    // Whether it checks a secret, which could be guessed: failures are then limited.
    virtual bool is_guessable() const { return true; }

    // Whether authenticate() burns CPU, or waits for more than the store: it is then called from
    // a worker thread, never from an event loop.
    virtual bool is_slow() const { return true; }

    // ErrorCode::denied: wrong credentials, with one text that does not tell which part.
    // Anything else is our failure, and no attempt of the guest's.
    virtual Result<Identity> authenticate(const Credentials& credentials) = 0;
};

}  // namespace portal::auth
