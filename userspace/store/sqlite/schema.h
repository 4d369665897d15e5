// The tables, as the steps that lead to them. A step, once released, never changes; a new one is
// added behind it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.h"
#include "store/sqlite/database.h"

namespace portal::store::sqlite {

// "XDPP" in SQLite's file header.
inline constexpr std::int64_t kApplicationId = 0x58445050;

// Step N brings user_version from N-1 to N.
std::span<const std::string_view> migrations();

// Takes the steps the file has not seen, all or none.
Status migrate(Database& database, std::span<const std::string_view> steps);

}  // namespace portal::store::sqlite
