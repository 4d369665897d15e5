#include "openapi.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <fstream>
#include <iterator>

namespace portal::portalctl::test {

namespace json = boost::json;

namespace {

bool matches(std::string_view path, std::string_view pattern) {
    while (!path.empty() && !pattern.empty()) {
        path.remove_prefix(1);
        pattern.remove_prefix(1);
        const std::string_view segment = path.substr(0, path.find('/'));
        const std::string_view wanted = pattern.substr(0, pattern.find('/'));
        if (segment.empty() || (segment != wanted && !wanted.starts_with('{'))) return false;
        path.remove_prefix(segment.size());
        pattern.remove_prefix(wanted.size());
    }
    return path.empty() && pattern.empty();
}

std::string_view type_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            return "null";
        case json::kind::bool_:
            return "boolean";
        case json::kind::int64:
        case json::kind::uint64:
            return "integer";
        case json::kind::double_:
            return "number";
        case json::kind::string:
            return "string";
        case json::kind::array:
            return "array";
        case json::kind::object:
            return "object";
    }
    return "";
}

bool holds(const json::value& list, const json::value& value) {
    return list.is_array() ? std::ranges::find(list.get_array(), value) != list.get_array().end()
                           : list == value;
}

const json::value* at(const json::value* value, std::string_view pointer) {
    boost::system::error_code error;
    return value ? value->find_pointer(pointer, error) : nullptr;
}

}  // namespace

OpenApi::OpenApi() {
    std::ifstream file(PORTAL_SOURCE_DIR "/docs/openapi.json");
    document_ = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

const json::value* OpenApi::find(std::string_view method, std::string_view path) const {
    std::string verb(method);
    std::ranges::transform(verb, verb.begin(), [](unsigned char c) { return std::tolower(c); });
    path = path.substr(0, path.find('?'));
    for (const auto& [pattern, item] : document_.at("paths").as_object())
        if (matches(path, pattern)) return item.as_object().if_contains(verb);
    return nullptr;
}

const json::value* OpenApi::answer_schema(const json::value& operation) {
    return at(&operation, "/responses/200/content/application~1json/schema");
}

const json::value* OpenApi::body_schema(const json::value& operation) {
    return at(&operation, "/requestBody/content/application~1json/schema");
}

const json::value& OpenApi::resolve(const json::value& schema) const {
    const json::value* reference = schema.as_object().if_contains("$ref");
    if (!reference) return schema;
    return document_.at_pointer(std::string_view(reference->as_string()).substr(1));
}

std::optional<std::string> OpenApi::fault(const json::value& value,
                                          const json::value& reference) const {
    const json::object& schema = resolve(reference).as_object();
    const auto wrong = [&](std::string_view why) {
        return json::serialize(value) + ": " + std::string(why);
    };
    if (const auto* type = schema.if_contains("type");
        type && !holds(*type, json::value(json::string(type_of(value)))))
        return wrong("is not of type " + json::serialize(*type));
    if (const auto* choices = schema.if_contains("enum"); choices && !holds(*choices, value))
        return wrong("is not one of " + json::serialize(*choices));
    if (const auto* only = schema.if_contains("const"); only && *only != value)
        return wrong("is not " + json::serialize(*only));
    if (const auto* array = value.if_array())
        for (const json::value& item : *array)
            if (auto why = fault(item, schema.at("items"))) return why;
    const auto* members = value.if_object();
    const auto* properties = schema.if_contains("properties");
    if (!members || !properties) return std::nullopt;
    for (const auto& [name, member] : *members) {
        const auto* property = properties->as_object().if_contains(name);
        if (!property) return wrong("has an unknown member " + std::string(name));
        if (auto why = fault(member, *property)) return why;
    }
    if (const auto* required = schema.if_contains("required"))
        for (const json::value& name : required->as_array())
            if (!members->contains(name.as_string()))
                return wrong("lacks " + std::string(name.as_string()));
    return std::nullopt;
}

}  // namespace portal::portalctl::test
