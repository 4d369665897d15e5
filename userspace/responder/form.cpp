#include "responder/form.h"

#include <boost/beast/core/string.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/params_view.hpp>
#include <boost/url/parse_query.hpp>
#include <charconv>

#include "base/text.h"

namespace portal::responder {

namespace urls = boost::urls;
namespace beast = boost::beast;

namespace {

constexpr std::size_t kMostFields = 16;
constexpr beast::string_view kFormType = "application/x-www-form-urlencoded";

}  // namespace

std::optional<Form> parse_form(std::string_view text) {
    if (text.size() > kLargestForm) return std::nullopt;
    Form form;
    if (text.empty()) return form;
    // parse_query() of Boost.URL 1.81 looks for a NUL behind the text.
    const std::string terminated(text);
    const auto query = urls::parse_query(terminated);
    if (!query || query->size() > kMostFields) return std::nullopt;
    urls::encoding_opts options;
    options.space_as_plus = true;
    for (const auto& parameter : *query)
        form.emplace(parameter.key.decode(options), parameter.value.decode(options));
    return form;
}

std::string field(const Form& form, std::string_view name) {
    const auto entry = form.find(name);
    return entry == form.end() ? std::string() : entry->second;
}

bool announces_form(const http::Request& head) {
    const std::string type(head[http::Field::content_type]);
    const std::string_view media_type = trimmed(std::string_view(type).substr(0, type.find(';')));
    if (!beast::iequals(beast::string_view(media_type.data(), media_type.size()), kFormType))
        return false;
    const auto length = head[http::Field::content_length];
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), size);
    return error == std::errc() && end == length.data() + length.size() && size <= kLargestForm;
}

}  // namespace portal::responder
