// What a request is for: its target, in whichever form it came (RFC 9112 §3.2), with the
// authority it is meant for.
#pragma once

#include <optional>
#include <string>

#include "http/authority.h"
#include "http/message.h"

namespace portal::http {

struct Target {
    std::string scheme;   // lower case; "http" unless an absolute target names another
    Authority authority;  // of an absolute target or of CONNECT, else of Host
    std::string path;     // as sent: percent-encoded; "*" of `OPTIONS *`; empty of CONNECT
    std::string query;    // as sent, without the '?'
};

// None: the target is none of the four forms.
std::optional<Target> parse_target(const Request& request);

}  // namespace portal::http
