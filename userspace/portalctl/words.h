// A line of a batch file as words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace portal::portalctl {

// Words stand between blanks. As in a shell, '…' takes all as it is, "…" all but \" and \\, a
// backslash the character after it, and # at the start of a word begins a comment.
Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace portal::portalctl
