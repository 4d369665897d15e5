#include "control/api/request_body.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/pct_string_view.hpp>

#include "base/text.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kDeepestNesting = 4;
constexpr std::string_view kJson = "application/json";

}  // namespace

Result<std::map<std::string, std::string, std::less<>>> parse_query(
    std::string_view query, std::span<const std::string_view> known) {
    std::map<std::string, std::string, std::less<>> parameters;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::string_view name = pair.substr(0, pair.find('='));
        if (std::ranges::find(known, name) == known.end())
            return fail(ErrorCode::invalid,
                        "query parameter \"" + printable(name) + "\" is not known");
        const std::string_view value =
            name.size() == pair.size() ? std::string_view() : pair.substr(name.size() + 1);
        const auto decoded = boost::urls::make_pct_string_view({value.data(), value.size()});
        if (!decoded)
            return fail(ErrorCode::invalid,
                        "query parameter \"" + printable(name) + "\" is not percent-encoded text");
        if (!parameters.emplace(name, decoded->decode()).second)
            return fail(ErrorCode::invalid,
                        "query parameter \"" + printable(name) + "\" is there twice");
    }
    return parameters;
}

bool is_json_type(std::string_view content_type) {
    const std::string_view essence = trimmed(content_type.substr(0, content_type.find(';')));
    return boost::beast::iequals(essence, kJson);
}

Result<json::object> parse_body(std::string_view text) {
    json::parse_options options;
    options.max_depth = kDeepestNesting;
    boost::system::error_code error;
    json::value value =
        json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return fail(ErrorCode::invalid, "the body is not JSON: " + error.message());
    if (!value.is_object()) return fail(ErrorCode::invalid, "the body is not a JSON object");
    return std::move(value.get_object());
}

}  // namespace portal::control::api
