#include "responder/original_url.h"

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>

#include "http/method.h"

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
    // Put together anew rather than cut down: what the parts are said to be is checked once more.
    const auto authority = http::parse_authority(std::string(parsed->encoded_host_and_port()));
    if (!authority || authority->host.empty()) return std::nullopt;
    // Boost.URL 1.81 takes what follows a second '@' for a path.
    const std::string path(parsed->encoded_path());
    if (!path.empty() && !path.starts_with('/')) return std::nullopt;
    const bool secure = parsed->scheme_id() == urls::scheme::https;
    return (secure ? "https://" : "http://") + authority->to_string() + path;
}

std::optional<std::string> original_url(const http::Request& request, const http::Target& target) {
    if (!http::is_read(request.method())) return std::nullopt;
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
