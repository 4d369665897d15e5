// A name of the walled garden: of one host, or of every host below one.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace portal {

struct GardenName {
    std::string name;       // lower case, without the last dot, two labels at least
    bool wildcard = false;  // every name below `name`, at any depth, but not `name` itself

    auto operator<=>(const GardenName&) const = default;

    // "pay.example.com", "*.example.org".
    std::string to_string() const;
};

// Letters, digits and hyphens, in any case, with or without the last dot; a name in another script
// in its ASCII form ("xn--…"). A single label is refused, "*.com" too, and "*" anywhere but as the
// first label.
Result<GardenName> parse_garden_name(std::string_view text);

// Whether `text` is meant as a name: no prefix ends with a letter, but for IPv6, which has colons.
bool is_meant_as_name(std::string_view text);

// The garden names that hold the host `name`, lower case without a last dot: itself, and a
// wildcard of every domain above it.
std::vector<GardenName> garden_names_of(std::string_view name);

}  // namespace portal
