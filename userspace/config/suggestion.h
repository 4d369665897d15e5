// What an operator may have meant by a key that does not exist.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace portal::config {

// The first of `known` that one edit makes of `word`: a letter more, less, changed, or two
// neighbours swapped.
std::optional<std::string_view> closest(std::string_view word,
                                        std::span<const std::string_view> known);

}  // namespace portal::config
