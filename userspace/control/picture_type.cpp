#include "control/picture_type.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace portal::control {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool skip(std::string_view& text, std::string_view start, std::string_view end) {
    if (!text.starts_with(start)) return false;
    const std::size_t at = text.find(end, start.size());
    text.remove_prefix(at == text.npos ? text.size() : at + end.size());
    return true;
}

// What may stand before the root element (XML 1.0, production 22).
void skip_prolog(std::string_view& text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    bool more = true;
    while (more) {
        text = trimmed(text);
        more = skip(text, "<?", "?>") || skip(text, "<!--", "-->") || skip(text, "<!DOCTYPE", ">");
    }
}

// As is_plain_text(), but of several lines.
bool is_text(std::string_view bytes) {
    std::string line(bytes);
    std::ranges::replace_if(
        line, [](char c) { return c == '\t' || c == '\r' || c == '\n'; }, ' ');
    return is_plain_text(line);
}

bool is_svg(std::string_view bytes) {
    std::string_view text = bytes;
    skip_prolog(text);
    constexpr std::string_view root = "<svg";
    return text.starts_with(root) && text.size() > root.size() &&
           " \t\r\n>/"sv.contains(text[root.size()]) && is_text(bytes);
}

}  // namespace

std::optional<std::string_view> picture_type(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
    if (bytes.starts_with("\xff\xd8\xff"sv)) return "image/jpeg";
    if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv)
        return "image/webp";
    if (is_svg(bytes)) return "image/svg+xml";
    return std::nullopt;
}

}  // namespace portal::control
