// Content negotiation (RFC 9110 §12.5.1), as far as two kinds of answer need it.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace portal::responder {

// Whether the value of Accept ranks JSON above HTML: by q-value, and where that is equal by how
// exactly each is named, so that "application/json, */*" asks for JSON. `application/json`,
// `application/problem+json` and every other `+json` type count as JSON. HTML wins a tie; a range
// that does not parse is passed over.
bool prefers_json(std::string_view accept);

// Whether the value of Accept takes application/captive+json (RFC 8908 §5) at least as gladly as
// HTML, ranked as above; without an Accept, anything is welcome. Browsers do not.
bool prefers_captive_json(std::string_view accept);

// The value of Accept, its fields joined; empty if there is none.
std::string accept_of(const http::Request& request);

}  // namespace portal::responder
