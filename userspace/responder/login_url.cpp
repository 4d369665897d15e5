#include "responder/login_url.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace portal::responder {

namespace {

constexpr std::uint16_t kHttpPort = 80;

}  // namespace

std::optional<std::string> login_url(const ipc::Configuration& configuration,
                                     const std::optional<IpAddress>& portal_address,
                                     const std::optional<OriginalUrl>& original) {
    if (!configuration.login_url.empty()) return with_original(configuration.login_url, original);
    std::string host = configuration.hostname;
    if (host.empty() && portal_address) host = portal_address->to_url_host();
    if (host.empty()) return std::nullopt;
    if (configuration.http_port != kHttpPort) host += ":" + std::to_string(configuration.http_port);
    return with_original("http://" + host + "/", original);
}

std::string with_original(std::string path, const std::optional<OriginalUrl>& original) {
    if (!original) return path;
    std::string fragment;
    if (const std::size_t mark = path.find('#'); mark != std::string::npos) {
        fragment = path.substr(mark);
        path.resize(mark);
    }
    if (path.find('?') == std::string::npos)
        path += '?';
    else if (!path.ends_with('?') && !path.ends_with('&'))
        path += '&';
    path += "url=" + boost::urls::encode(original->url, boost::urls::unreserved_chars);
    if (!original->seal.empty())
        path += "&seal=" + boost::urls::encode(original->seal, boost::urls::unreserved_chars);
    return path + fragment;
}

}  // namespace portal::responder
