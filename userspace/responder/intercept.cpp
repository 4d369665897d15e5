#include "responder/intercept.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/field_value.h"
#include "responder/accept.h"
#include "responder/assets.h"
#include "responder/locale.h"
#include "responder/page.h"

namespace portal::responder {

namespace {

using boost::beast::http::status;

constexpr const char* kTitle = "Network Authentication Required";

}  // namespace

Interception::Interception(std::string portal_name)
    : portal_name_(std::move(portal_name)),
      page_("intercept.html"),
      policy_("default-src 'none'; style-src " + style_source(asset("intercept.css")) +
              "; frame-ancestors 'none'; base-uri 'none'; form-action 'none'") {}

http::Response Interception::answer(const http::Request& request, const Way& way) const {
    return prefers_json(http::field_value(request, http::Field::accept))
               ? json(way)
               : html(locale_for(request), way);
}

http::Response Interception::html(const Locale& locale, const Way& way) const {
    Values values{{"style", std::string(asset("intercept.css"))},
                  {"venue", portal_name_},
                  {"lang", locale.tag()},
                  {"dir", locale.direction()}};
    if (way.url) {
        values["url"] = *way.url;
        values["at_once"] = way.at_once;
    }
    http::Response response = uncached(status::network_authentication_required,
                                       "text/html; charset=utf-8", page_.render(locale, values));
    if (way.url && way.at_once) response.set("Refresh", "0; url=" + *way.url);
    response.set("Content-Security-Policy", policy_);
    response.set("Referrer-Policy", "no-referrer");
    response.set(http::Field::content_language, locale.tag());
    return response;
}

// RFC 9457, with the extension member "login_url".
http::Response Interception::json(const Way& way) const {
    boost::json::object problem{
        {"type", "about:blank"},
        {"title", kTitle},
        {"status", static_cast<unsigned>(status::network_authentication_required)},
        {"detail", "This network asks you to sign in before it connects you to the internet."}};
    if (way.url) problem["login_url"] = *way.url;
    http::Response response = uncached(status::network_authentication_required,
                                       "application/problem+json", boost::json::serialize(problem));
    response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    response.set("Referrer-Policy", "no-referrer");
    return response;
}

}  // namespace portal::responder
