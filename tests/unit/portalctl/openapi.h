// docs/openapi.json, as far as tests hold portalctl against it.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace portal::portalctl::test {

class OpenApi {
  public:
    OpenApi();

    // The operation for a request, or null. Path parameters match one segment.
    const boost::json::value* find(std::string_view method, std::string_view path) const;
    // The schema of an operation's 200 answer or of its request body, or null.
    static const boost::json::value* answer_schema(const boost::json::value& operation);
    static const boost::json::value* body_schema(const boost::json::value& operation);

    // What is wrong with `value` by `schema`: types, enums, consts, members, items. None: nothing.
    std::optional<std::string> fault(const boost::json::value& value,
                                     const boost::json::value& schema) const;

    const boost::json::value& document() const { return document_; }

  private:
    const boost::json::value& resolve(const boost::json::value& schema) const;

    boost::json::value document_;
};

}  // namespace portal::portalctl::test
