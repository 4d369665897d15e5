// What a request brings: its query and its JSON body.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal::control::api {

// Values are percent-decoded. ErrorCode::invalid: a parameter that is not one of `known`, is there
// twice, or is malformed.
Result<std::map<std::string, std::string, std::less<>>> parse_query(
    std::string_view query, std::span<const std::string_view> known);

// Whether a Content-Type is application/json, with or without parameters.
bool is_json_type(std::string_view content_type);

// ErrorCode::invalid: not a JSON object, or nested too deeply.
Result<boost::json::object> parse_body(std::string_view text);

}  // namespace portal::control::api
