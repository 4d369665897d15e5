// Numbers as guests read them.
#pragma once

#include <cstdint>
#include <string>

#include "base/duration.h"

namespace portal::responder {

// The two largest units: "2 d 3 h", "7 h 59 min", "12 min", "less than a minute".
std::string readable_duration(Seconds duration);

// Decimal units, as data plans have them: "0 B", "999 B", "1.2 kB", "15 MB", "3.4 GB".
std::string readable_size(std::uint64_t bytes);

}  // namespace portal::responder
