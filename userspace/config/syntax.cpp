#include "config/syntax.h"

#include <net/if.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/ip_address.h"
#include "base/text.h"
#include "domain/session.h"

namespace portal::config {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_alnum(char c) {
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

// The host of a URL's authority.
bool is_host(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) {
        const auto address = parse_ip_address(text.substr(1, text.size() - 2));
        return address && text.contains(':');
    }
    if (text.contains(':')) return false;
    return is_host_name(text) || parse_ip_address(text).has_value();
}

// Where the host ends: at the colon before a port, or at the end.
std::size_t host_length(std::string_view authority) {
    const std::size_t colon = authority.rfind(':');
    const std::size_t bracket = authority.rfind(']');
    const bool inside = bracket != authority.npos && colon != authority.npos && colon < bracket;
    return colon == authority.npos || inside ? authority.size() : colon;
}

}  // namespace

bool is_interface_name(std::string_view text) {
    return !text.empty() && text.size() < IFNAMSIZ && text != "." && text != ".." &&
           std::ranges::all_of(text,
                               [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != ':'; });
}

bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    std::string_view label;
    for (std::size_t begin = 0; begin <= text.size(); begin += label.size() + 1) {
        label = text.substr(begin, text.find('.', begin) - begin);
        if (!is_label(label)) return false;
    }
    return !std::ranges::all_of(label, is_digit);
}

bool is_host_and_port(std::string_view text) {
    const std::size_t length = host_length(text);
    return length < text.size() && is_host(text.substr(0, length)) &&
           is_port(text.substr(length + 1));
}

bool is_address_and_port(std::string_view text) {
    const std::size_t length = host_length(text);
    return is_host_and_port(text) && !is_host_name(text.substr(0, length));
}

bool is_web_url(std::string_view text) {
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=%";
    if (text.size() > 2048 ||
        !std::ranges::all_of(text, [&](char c) { return is_alnum(c) || marks.contains(c); }))
        return false;
    if (text.starts_with("http://"))
        text.remove_prefix(7);
    else if (text.starts_with("https://"))
        text.remove_prefix(8);
    else
        return false;
    const std::string_view authority = text.substr(0, text.find_first_of("/?#"));
    return is_host(authority) || is_host_and_port(authority);
}

bool is_remote_url(std::string_view text) {
    if (!is_web_url(text) || text.size() > 1024 || text.contains('#')) return false;
    if (text.starts_with("https://")) return true;
    text.remove_prefix(std::string_view("http://").size());
    const std::string_view authority = text.substr(0, text.find_first_of("/?"));
    return !is_host_name(authority.substr(0, host_length(authority)));
}

bool is_system_user(std::string_view text) {
    return !text.empty() && text.size() <= 32 && (is_lower(text.front()) || text.front() == '_') &&
           std::ranges::all_of(
               text, [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_policy_name(std::string_view text) {
    return !text.empty() && text.size() <= kLongestName &&
           std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

bool is_file_path(std::string_view text) {
    return text.starts_with('/') && !text.ends_with('/') && text.size() < 4096 &&
           is_plain_text(text);
}

}  // namespace portal::config
