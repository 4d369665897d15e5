// Content negotiation (RFC 9110 §12.5.1), as far as two kinds of answer need it.
#pragma once

#include <string_view>

namespace portal::responder {

// Whether the value of Accept ranks JSON above HTML: by q-value, and where that is equal by how
// exactly each is named, so that "application/json, */*" asks for JSON. `application/json`,
// `application/problem+json` and every other `+json` type count as JSON. HTML wins a tie; a range
// that does not parse is passed over.
bool prefers_json(std::string_view accept);

}  // namespace portal::responder
