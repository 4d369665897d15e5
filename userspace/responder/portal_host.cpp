#include "responder/portal_host.h"

#include <boost/beast/core/string.hpp>

namespace portal::responder {

bool is_portal_name(const ipc::Configuration& configuration, const http::Authority& authority) {
    if (configuration.hostname.empty()) return false;
    std::string_view host = authority.host;
    if (host.ends_with('.')) host.remove_suffix(1);  // the name, fully qualified
    return boost::beast::iequals(boost::beast::string_view(host.data(), host.size()),
                                 configuration.hostname);
}

bool is_server_address(const Flow& flow, const http::Authority& authority) {
    return authority.address() == flow.server;
}

bool is_portal(const ipc::Configuration& configuration, const http::Authority& authority,
               const ipc::Caller& caller) {
    if (is_portal_name(configuration, authority)) return true;
    return caller.to_portal && caller.portal_address &&
           authority.address() == caller.portal_address;
}

}  // namespace portal::responder
