#include "http/authority.h"

#include <algorithm>
#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>

namespace portal::http {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::optional<IpAddress> Authority::address() const {
    std::string_view text = host;
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const auto address = parse_ip_address(text);
    if (!address) return std::nullopt;
    return *address;
}

std::string Authority::to_string() const {
    return port.empty() ? host : host + ":" + port;
}

std::optional<Authority> parse_authority(std::string_view text) {
    const auto view =
        boost::urls::parse_authority(boost::urls::string_view(text.data(), text.size()));
    if (!view || view->has_userinfo()) return std::nullopt;
    Authority authority;
    authority.host = std::string(view->encoded_host());
    std::transform(authority.host.begin(), authority.host.end(), authority.host.begin(), lower);
    authority.port = std::string(view->port());
    return authority;
}

}  // namespace portal::http
