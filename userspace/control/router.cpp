#include "control/router.h"

#include <charconv>
#include <optional>
#include <utility>

namespace portal::control {

namespace {

// "/v1/clients" is {"v1", "clients"}; none unless it begins with '/'.
std::optional<std::vector<std::string_view>> segments_of(std::string_view path) {
    if (!path.starts_with('/')) return std::nullopt;
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::string_view segment = path.substr(0, path.find('/'));
        segments.push_back(segment);
        path.remove_prefix(segment.size());
    }
    return segments;
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

// RFC 3986 §2.1; none if a '%' is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        unsigned char byte = 0;
        const char* const digits = text.data() + i + 1;
        if (text.size() - i < 3 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
            return std::nullopt;
        decoded += static_cast<char>(byte);
        i += 2;
    }
    return decoded;
}

std::optional<std::vector<std::string>> parameters_of(const std::vector<std::string>& pattern,
                                                      const std::vector<std::string_view>& path) {
    if (pattern.size() != path.size()) return std::nullopt;
    std::vector<std::string> parameters;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (!is_parameter(pattern[i])) {
            if (pattern[i] != path[i]) return std::nullopt;
            continue;
        }
        auto value = percent_decoded(path[i]);
        if (!value || value->empty()) return std::nullopt;
        parameters.push_back(std::move(*value));
    }
    return parameters;
}

}  // namespace

std::size_t Router::add(std::string_view method, std::string_view pattern) {
    Route route{std::string(method), {}};
    const auto segments = segments_of(pattern).value();
    route.segments.assign(segments.begin(), segments.end());
    routes_.push_back(std::move(route));
    return routes_.size() - 1;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
    const auto segments = segments_of(path);
    if (!segments) return NoSuchPath{};
    NoSuchMethod other;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        auto parameters = parameters_of(routes_[i].segments, *segments);
        if (!parameters) continue;
        if (routes_[i].method == method) return Found{i, std::move(*parameters)};
        other.allowed.push_back(routes_[i].method);
    }
    if (other.allowed.empty()) return NoSuchPath{};
    return other;
}

}  // namespace portal::control
