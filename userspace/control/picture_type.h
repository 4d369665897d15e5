// Which kind of picture some bytes are: told by the bytes, not by a file's name.
#pragma once

#include <optional>
#include <string_view>

namespace portal::control {

// "image/png", "image/jpeg", "image/webp", or "image/svg+xml" for well-formed UTF-8 whose root
// element is svg. None: no picture that every browser shows.
std::optional<std::string_view> picture_type(std::string_view bytes);

}  // namespace portal::control
