// A client's standing with the gateway, as it is stored: signed in, trusted or blocked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/duration.h"
#include "base/time.h"
#include "domain/client.h"

namespace portal {

struct Session {
    // Unique for ever in one store; never 0.
    std::uint64_t id = 0;
    ClientId client;
    ClientState state = ClientState::authorized;  // never stranger
    std::string method;                           // how: "click-through", "password", "operator"
    std::optional<std::string> user;
    std::string policy = "default";
    // Whether somebody named it: for the user, the voucher, the client or in a grant. Else it is
    // what the method's list gave when this was stored, and is chosen anew when things change.
    bool policy_named = false;
    // The client interface it was begun on, and counts on; none: any.
    std::optional<std::string> interface = {};
    WallTime signed_in_at{};
    std::optional<WallTime> expires_at;  // none: until ended
    Seconds idle_timeout{0};             // 0: none
    // As of the last checkpoint; the live counters are in the dataplane.
    Usage usage;
    std::optional<WallTime> last_seen;

    bool operator==(const Session&) const = default;
};

// The longest text kept as a user's or a policy's name, in bytes.
inline constexpr std::size_t kLongestName = 64;

// A user or policy name: 1 to kLongestName bytes of letters, digits and "._@+-", or any
// UTF-8 beyond ASCII. `what` names the thing in the error.
Status check_name(std::string_view what, std::string_view name);

// A session's length as an operator or a configuration may ask for it: more than zero and at
// most kLongestDuration.
Result<Seconds> parse_session_timeout(std::string_view text);

}  // namespace portal
