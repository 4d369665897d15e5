#include "responder/capport.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "responder/accept.h"
#include "responder/login_url.h"
#include "responder/page.h"

namespace portal::responder {

namespace {

using http_status = boost::beast::http::status;

// A session whose time is up, or its data, is over for the gate, even if portald has not collected
// it yet.
bool is_captive(const ipc::Caller& caller) {
    switch (caller.state) {
        case ClientState::trusted:
            return false;
        case ClientState::authorized:
            return caller.remaining == Seconds::zero() || caller.data_remaining == 0U;
        case ClientState::stranger:
        case ClientState::blocked:
            break;
    }
    return true;
}

// §5: it "MUST be accessed over TLS", which a configured login_url need not be.
std::string user_portal_url(const ipc::Configuration& configuration) {
    if (configuration.login_url.starts_with("https://")) return configuration.login_url;
    return secure_url(configuration, "/");
}

}  // namespace

CapportApi::CapportApi(const ipc::Configuration& configuration)
    : user_portal_url_(user_portal_url(configuration)),
      venue_info_url_(configuration.venue_info_url) {}

http::Response CapportApi::answer(const http::Request& request, const ipc::Caller& caller) const {
    http::Response response;
    if (prefers_captive_json(accept_of(request))) {
        const bool captive = is_captive(caller);
        boost::json::object state{{"captive", captive}, {"user-portal-url", user_portal_url_}};
        if (!venue_info_url_.empty()) state["venue-info-url"] = venue_info_url_;
        // A session is not extended: when it has ended, another begins.
        state["can-extend-session"] = false;
        if (!captive && caller.remaining) state["seconds-remaining"] = caller.remaining->count();
        if (!captive && caller.data_remaining) state["bytes-remaining"] = *caller.data_remaining;
        response =
            uncached(http_status::ok, "application/captive+json", boost::json::serialize(state));
    } else {
        response = redirect(boost::beast::http::status::found, user_portal_url_);
    }
    response.set(http::Field::vary, "Accept");
    return response;
}

}  // namespace portal::responder
