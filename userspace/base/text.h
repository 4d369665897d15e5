// Text from outside, made fit for a message or a log line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portal {

// `text` with every byte outside printable ASCII as \xNN, cut after `limit` bytes with "…".
std::string printable(std::string_view text, std::size_t limit = 128);

// Whether `text` is well-formed UTF-8 (RFC 3629) without control characters (C0, DEL, C1).
bool is_plain_text(std::string_view text);

// `text` without the blanks at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace portal
