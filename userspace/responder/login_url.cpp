#include "responder/login_url.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "domain/portal_origin.h"

namespace portal::responder {

std::optional<std::string> login_url(const ipc::Configuration& configuration,
                                     const std::optional<IpAddress>& portal_address,
                                     const std::optional<OriginalUrl>& original) {
    if (!configuration.login_url.empty()) return with_original(configuration.login_url, original);
    if (configuration.tls) return with_original(secure_url(configuration, "/"), original);
    const PortalOrigin plain{.hostname = configuration.hostname, .port = configuration.http_port};
    const std::optional<std::string> url = plain.to_url(portal_address);
    if (!url) return std::nullopt;
    return with_original(*url + "/", original);
}

std::string secure_url(const ipc::Configuration& configuration, std::string_view path) {
    const PortalOrigin secure{
        .tls = true, .hostname = configuration.hostname, .port = configuration.https_port};
    return secure.to_url().value_or("").append(path);
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
