#include "http/first_bytes.h"

#include <algorithm>

namespace portal::http {

namespace {

constexpr char kTlsHandshake = 0x16;  // RFC 8446 §5.1: ContentType, then the version 3.x
constexpr char kTlsMajorVersion = 0x03;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A token's character (RFC 9110 §5.6.2), as a method is made of.
bool is_method_char(char c) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           marks.find(c) != std::string_view::npos;
}

FirstBytes classify_version(std::string_view version) {
    constexpr std::string_view name = "HTTP/";
    if (!version.starts_with(name)) return FirstBytes::malformed;
    version.remove_prefix(name.size());
    const bool numbers =
        !version.empty() &&
        std::all_of(version.begin(), version.end(), [](char c) { return is_digit(c) || c == '.'; });
    if (!numbers) return FirstBytes::malformed;
    if (version == "1.0" || version == "1.1") return FirstBytes::request;
    return version.starts_with("1.") ? FirstBytes::unsupported : FirstBytes::foreign;
}

}  // namespace

FirstBytes classify(std::string_view bytes, std::size_t limit) {
    if (bytes.empty()) return FirstBytes::incomplete;
    if (bytes[0] == kTlsHandshake) {
        if (bytes.size() < 2) return FirstBytes::incomplete;
        return bytes[1] == kTlsMajorVersion ? FirstBytes::foreign : FirstBytes::malformed;
    }
    if (!is_method_char(bytes[0])) return FirstBytes::malformed;

    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos)
        return bytes.size() < limit ? FirstBytes::incomplete : FirstBytes::too_long;
    if (end >= limit) return FirstBytes::too_long;

    std::string_view line = bytes.substr(0, end);
    if (!line.ends_with('\r')) return FirstBytes::malformed;
    line.remove_suffix(1);
    const std::size_t space = line.rfind(' ');
    if (space == std::string_view::npos) return FirstBytes::malformed;
    return classify_version(line.substr(space + 1));
}

}  // namespace portal::http
