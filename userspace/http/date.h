// The time as a Date field has it.
#pragma once

#include <chrono>
#include <string>

namespace portal::http {

// IMF-fixdate (RFC 9110 §5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::string format_date(std::chrono::sys_seconds time);

}  // namespace portal::http
