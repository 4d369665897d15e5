#include "http/field_value.h"

namespace portal::http {

std::string field_value(const Request& request, Field name) {
    std::string value;
    const auto [first, last] = request.equal_range(name);
    for (auto field = first; field != last; ++field)
        value += std::string(value.empty() ? "" : ", ") + std::string(field->value());
    return value;
}

}  // namespace portal::http
