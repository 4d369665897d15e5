// JSON as text in plain ASCII: what a stranger put into a name cannot reach the terminal raw.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace portal::portalctl {

enum class JsonStyle { one_line, indented };

std::string json_text(const boost::json::value& value, JsonStyle style);

}  // namespace portal::portalctl
