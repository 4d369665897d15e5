// Errors as the API tells them: RFC 9457 problem details.
#pragma once

#include <string>

#include "base/error.h"

namespace portal::http {

inline constexpr const char* kProblemType = "application/problem+json";

// The HTTP status of an error: invalid 400, not_found 404, conflict 409, full 507, denied 403,
// unavailable 503, system 500.
unsigned status_of(ErrorCode code);

// The document: type "about:blank", the status's title, `error.what` as detail and, where there
// is one, `error.hint` as hint.
std::string problem_document(unsigned status, const Error& error);

}  // namespace portal::http
