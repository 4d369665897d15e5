#include "domain/garden_name.h"

#include <algorithm>

#include "base/text.h"

namespace portal {

namespace {

// RFC 1035 §2.3.4, as text.
constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::string_view kWildcard = "*.";

constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// RFC 1123 §2.1.
bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, [](char c) {
               return is_letter(c) || is_digit(c) || c == '-';
           });
}

bool are_labels(std::string_view name) {
    for (;;) {
        const std::size_t dot = name.find('.');
        if (!is_label(name.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        name.remove_prefix(dot + 1);
    }
}

std::unexpected<Error> refuse(std::string_view text, std::string_view what, std::string hint) {
    return fail(ErrorCode::invalid, "\"" + printable(text) + "\" " + std::string(what),
                std::move(hint));
}

}  // namespace

std::string GardenName::to_string() const {
    return wildcard ? std::string(kWildcard) + name : name;
}

Result<GardenName> parse_garden_name(std::string_view text) {
    GardenName result;
    std::string_view name = text;
    if (name.starts_with(kWildcard)) {
        result.wildcard = true;
        name.remove_prefix(kWildcard.size());
    }
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.contains('*'))
        return refuse(text, "has a wildcard that is not its first label",
                      "write *.example.org for every name below example.org");
    if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return refuse(text, "is not written in ASCII",
                      "write its A-labels, such as xn--bcher-kva.example for b\u00fccher.example");
    if (name.size() > kLongestName || !are_labels(name))
        return refuse(text, "is not a host's name",
                      "write labels of letters, digits and hyphens, such as pay.example.com");
    if (!name.contains('.'))
        return result.wildcard ? refuse(text, "would open a whole top-level domain",
                                        "write a domain below it, such as *.example.org")
                               : refuse(text, "is a single label",
                                        "write the whole name, such as pay.example.com");
    // A last label of digits alone would be a part of an IPv4 address (RFC 1123 §2.1).
    if (std::ranges::all_of(name.substr(name.rfind('.') + 1), is_digit))
        return refuse(text, "is neither a host's name nor an address",
                      "write a name such as pay.example.com or an address such as 203.0.113.7");
    std::ranges::transform(name, std::back_inserter(result.name), lower);
    return result;
}

bool is_meant_as_name(std::string_view text) {
    if (text.starts_with('*')) return true;
    if (text.contains(':') || text.contains('/')) return false;
    return std::ranges::any_of(text, [](char c) { return !is_digit(c) && c != '.'; });
}

std::vector<GardenName> garden_names_of(std::string_view name) {
    std::vector<GardenName> names{{std::string(name), false}};
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
        name.remove_prefix(dot + 1);
        names.push_back({std::string(name), true});
    }
    return names;
}

}  // namespace portal
