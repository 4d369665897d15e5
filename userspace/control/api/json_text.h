// Values as the API writes them.
#pragma once

#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace portal::control::api {

inline boost::json::value to_json(std::string_view text) {
    return boost::json::string(boost::json::string_view(text.data(), text.size()));
}

inline boost::json::value to_json(WallTime time) {
    return to_json(format_rfc3339(time));
}

// Absent is null.
template <typename T>
boost::json::value or_null(const std::optional<T>& value) {
    if (!value) return nullptr;
    return to_json(*value);
}
inline boost::json::value number_or_null(const auto& value) {
    if (!value) return nullptr;
    return boost::json::value(*value);
}
inline boost::json::value text_or_null(std::string_view text) {
    if (text.empty()) return nullptr;
    return to_json(text);
}

}  // namespace portal::control::api
