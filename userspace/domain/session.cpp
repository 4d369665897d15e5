#include "domain/session.h"

#include <algorithm>

#include "base/text.h"

namespace portal {

Status check_name(std::string_view what, std::string_view name) {
    constexpr std::string_view marks = "._@+-";
    const auto fits = [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
               (c >= 'a' && c <= 'z') || marks.contains(c);
    };
    if (name.empty() || name.size() > kLongestName || !std::ranges::all_of(name, fits) ||
        !is_plain_text(name))
        return fail(ErrorCode::invalid,
                    "\"" + printable(name) + "\" is not a " + std::string(what) + " name",
                    "use 1 to 64 letters, digits or . _ @ + -");
    return {};
}

Result<Seconds> parse_session_timeout(std::string_view text) {
    TRY_ASSIGN(const Seconds timeout, parse_duration(text));
    if (timeout == Seconds::zero())
        return fail(
            ErrorCode::invalid, "a timeout of 0 would end at once",
            "give a time of at least 1s, such as 8h; or use trust for a client without end");
    return timeout;
}

}  // namespace portal
