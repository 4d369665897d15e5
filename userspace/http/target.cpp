#include "http/target.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <string_view>

namespace portal::http {

namespace {

// Browsers leave in a path what RFC 3986 would have encoded ('|', '^'), so an origin-form target
// is cut at its marks and not checked further.
void split_origin_form(std::string_view text, Target& target) {
    text = text.substr(0, text.find('#'));
    const std::size_t mark = text.find('?');
    target.path = text.substr(0, mark);
    if (mark != std::string_view::npos) target.query = text.substr(mark + 1);
}

bool read_absolute_form(std::string_view text, Target& target) {
    const auto url = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
    if (!url || !url->has_authority()) return false;
    boost::urls::url copy(*url);
    copy.normalize_scheme();
    copy.remove_userinfo();
    const auto authority = parse_authority(std::string(copy.encoded_authority()));
    if (!authority) return false;
    target.scheme = std::string(copy.scheme());
    target.authority = *authority;
    target.path = std::string(copy.encoded_path());
    if (target.path.empty()) target.path = "/";
    // Boost.URL 1.81 takes what follows a second '@' for a path.
    if (!target.path.starts_with('/')) return false;
    target.query = std::string(copy.encoded_query());
    return true;
}

}  // namespace

std::optional<Target> parse_target(const Request& request) {
    const std::string text(request.target());
    Target target{.scheme = "http", .authority = {}, .path = {}, .query = {}};

    if (request.method() == Method::connect) {
        const auto authority = parse_authority(text);
        if (!authority) return std::nullopt;
        target.authority = *authority;
        return target;
    }
    if (const auto host = parse_authority(std::string(request[Field::host])))
        target.authority = *host;
    if (text == "*") {
        target.path = text;
        return target;
    }
    if (text.starts_with('/')) {
        split_origin_form(text, target);
        return target;
    }
    // The authority of an absolute target stands above Host (RFC 9112 §3.2.2).
    if (!read_absolute_form(text, target)) return std::nullopt;
    return target;
}

}  // namespace portal::http
