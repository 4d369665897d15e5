// The weight of an alternative in content negotiation (RFC 9110 §12.4.2).
#pragma once

#include <optional>
#include <string_view>

namespace portal::responder {

// In thousandths. 0 is "not acceptable".
inline constexpr int kBestQuality = 1000;

// "0", "0.5", "1.000" in thousandths; none if it is no such number.
std::optional<int> parse_quality(std::string_view text);

}  // namespace portal::responder
