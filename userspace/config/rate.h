// Rates and amounts of data as operators write them: "20Mbit", "5GB", "10/s burst 100". Factors
// are powers of 1000.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "domain/budget.h"

namespace portal::config {

// Bits a second: a whole number with bit, kbit, Mbit or Gbit. "0" is unlimited. At most 1 Tbit.
Result<std::uint64_t> parse_rate(std::string_view text);
std::string format_rate(std::uint64_t bits_per_second);

// Bytes: a whole number with B, kB, MB, GB or TB. "0" is unlimited. At most 1000 TB.
Result<std::uint64_t> parse_byte_size(std::string_view text);
std::string format_byte_size(std::uint64_t bytes);

// "10/s burst 100": whole numbers from 1 to 10,000,000. "0" is unlimited.
Result<Budget> parse_budget(std::string_view text);
std::string format_budget(const Budget& budget);

}  // namespace portal::config
