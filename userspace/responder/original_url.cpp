#include "responder/original_url.h"

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/url.hpp>

namespace portal::responder {

namespace urls = boost::urls;

namespace {

// Encodes what browsers leave in a path though RFC 3986 does not allow it there: '|', '^', '"'.
std::string encode_rest(const std::string& path) {
    constexpr auto kept = urls::pchars + '/';
    std::string encoded;
    for (const char& c : path) {
        if (c == '%')
            encoded += c;
        else
            encoded += urls::encode(urls::string_view(&c, 1), kept);
    }
    return encoded;
}

}  // namespace

std::optional<std::string> carried_url(std::string_view text) {
    if (text.size() > kLongestOriginalUrl) return std::nullopt;
    const auto parsed = urls::parse_uri(urls::string_view(text.data(), text.size()));
    if (!parsed || !parsed->has_authority() || parsed->encoded_host().empty()) return std::nullopt;
    if (parsed->scheme_id() != urls::scheme::http && parsed->scheme_id() != urls::scheme::https)
        return std::nullopt;
    urls::url url(*parsed);
    url.remove_userinfo();
    url.remove_query();
    url.remove_fragment();
    return std::string(url.buffer());
}

std::optional<std::string> original_url(const http::Request& request, const http::Target& target) {
    if (request.method() != http::Method::get && request.method() != http::Method::head)
        return std::nullopt;
    if (!target.path.starts_with('/') || target.path.size() > kLongestOriginalUrl)
        return std::nullopt;
    return carried_url(target.scheme + "://" + target.authority.to_string() +
                       encode_rest(target.path));
}

std::string host_of(const std::string& carried) {
    const auto parsed = urls::parse_uri(carried);
    return parsed ? std::string(parsed->encoded_host_and_port()) : std::string();
}

}  // namespace portal::responder
