// A header field as one value.
#pragma once

#include <string>

#include "http/message.h"

namespace portal::http {

// The values of all fields of that name, in their order, joined by commas (RFC 9110 §5.2). Empty
// if there is none.
std::string field_value(const Request& request, Field name);

}  // namespace portal::http
