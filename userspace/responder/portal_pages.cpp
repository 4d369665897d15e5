#include "responder/portal_pages.h"

#include "responder/assets.h"
#include "responder/login_url.h"
#include "responder/original_url.h"
#include "responder/page.h"
#include "responder/readable.h"

namespace portal::responder {

using http_status = boost::beast::http::status;

namespace {

// How soon a page that says "try again" means it, in seconds.
constexpr const char* kSoon = "5";

// What a page's forms may lead to. Browsers hold every redirect that follows a form to it (Content
// Security Policy 3 §6.4.1.1), so a form that ends at the original URL, and wherever that redirects
// to, has to allow the whole web.
constexpr const char* kOwn = "'self'";
constexpr const char* kOwnAndWhereItLeads = "'self' http: https:";

std::string policy(const char* form_action) {
    return "default-src 'none'; style-src " + style_source(asset("portal.css")) + "; form-action " +
           form_action + "; frame-ancestors 'none'; base-uri 'none'";
}

void put_if(Values& values, const std::string& name, const std::string& value) {
    if (!value.empty()) values[name] = value;
}

std::optional<OriginalUrl> original_of(const SignInView& view) {
    if (!view.url) return std::nullopt;
    return OriginalUrl{*view.url, view.seal};
}

}  // namespace

struct PortalPages::Message {
    std::string heading;
    std::string text;
    std::string link_text;  // to the sign-in page; empty: no link
};

PortalPages::PortalPages(ipc::Configuration configuration)
    : configuration_(std::move(configuration)),
      layout_("layout.html"),
      sign_in_("sign_in.html"),
      status_("status.html"),
      notice_("notice.html"),
      policy_(policy(kOwn)) {}

http::Response PortalPages::page(http_status status, std::string title, std::string content) const {
    http::Response response = uncached(status, "text/html; charset=utf-8",
                                       layout_.render({{"title", std::move(title)},
                                                       {"portal_name", configuration_.portal_name},
                                                       {"style", std::string(asset("portal.css"))},
                                                       {"content", std::move(content)}}));
    response.set("Content-Security-Policy", policy_);
    // Not no-referrer: with that, browsers hide the Origin of our own forms (Fetch §3.1).
    response.set("Referrer-Policy", "same-origin");
    return response;
}

http::Response PortalPages::notice(http_status status, const Message& message) const {
    Values values{{"heading", message.heading}, {"text", message.text}};
    if (!message.link_text.empty()) {
        values["link"] = std::string("/");
        values["link_text"] = message.link_text;
    }
    return page(status, message.heading, notice_.render(values));
}

http::Response PortalPages::sign_in(http_status status, const SignInView& view) const {
    Values values{{"token", view.token},
                  {"password", configuration_.password},
                  {"voucher_form", configuration_.voucher},
                  {"click_through", configuration_.click_through},
                  {"both", configuration_.password && configuration_.click_through},
                  {"closed", !configuration_.password && !configuration_.click_through &&
                                 !configuration_.voucher && !configuration_.remote}};
    if (configuration_.remote) values["remote"] = with_original("/remote", original_of(view));
    put_if(values, "alert", view.alert);
    put_if(values, "user", view.user);
    put_if(values, "seal", view.seal);
    put_if(values, "voucher", view.voucher);
    if (view.url) values["url"] = *view.url;
    http::Response response = page(status, "Sign in", sign_in_.render(values));
    if (!view.seal.empty()) response.set("Content-Security-Policy", policy(kOwnAndWhereItLeads));
    return response;
}

http::Response PortalPages::status(http_status status, const ipc::Caller& caller,
                                   const StatusView& view) const {
    const bool trusted = caller.state == ClientState::trusted;
    Values values{{"trusted", trusted},
                  {"remaining", caller.remaining ? readable_duration(*caller.remaining)
                                                 : std::string("unlimited")}};
    put_if(values, "alert", view.alert);
    if (!trusted) values["token"] = view.token;
    put_if(values, "seal", view.seal);
    if (caller.user) put_if(values, "user", *caller.user);
    if (caller.usage) {
        values["used"] = readable_size(caller.usage->rx_bytes + caller.usage->tx_bytes);
        values["down"] = readable_size(caller.usage->tx_bytes);
        values["up"] = readable_size(caller.usage->rx_bytes);
    }
    if (view.url) {
        values["url"] = *view.url;
        values["url_host"] = host_of(*view.url);
    }
    return page(status, "Online", status_.render(values));
}

http::Response PortalPages::unrecognised() const {
    http::Response response = notice(
        http_status::service_unavailable,
        {.heading = "Your device was not recognised",
         .text = "The gateway could not tell which device this page was opened on. Leave the "
                 "network, join it again, and try once more.",
         .link_text = "Try again"});
    response.set(http::Field::retry_after, kSoon);
    return response;
}

http::Response PortalPages::unavailable() const {
    http::Response response =
        notice(http_status::service_unavailable,
               {.heading = "Just a moment",
                .text = "Signing in is not possible right now. Please try again in a few seconds.",
                .link_text = "Try again"});
    response.set(http::Field::retry_after, kSoon);
    return response;
}

http::Response PortalPages::throttled(Seconds retry_after) const {
    http::Response response =
        notice(http_status::too_many_requests,
               {.heading = "Too many attempts",
                .text = "Signing in failed too often on this device or for this account. Please "
                        "try again in " +
                        readable_duration(retry_after) + ".",
                .link_text = {}});
    response.set(http::Field::retry_after, std::to_string(retry_after.count()));
    return response;
}

http::Response PortalPages::failed() const {
    return notice(http_status::internal_server_error,
                  {.heading = "That did not work",
                   .text = "The gateway could not do what you asked, and the fault is not yours. "
                           "Please try again, or tell the staff.",
                   .link_text = "Try again"});
}

http::Response PortalPages::remote_refused() const {
    return notice(http_status::forbidden,
                  {.heading = "Signing in did not work",
                   .text = "The sign-in is not valid here, or not any more. Please start again.",
                   .link_text = "Sign-in page"});
}

http::Response PortalPages::bad_form() const {
    return notice(http_status::bad_request, {.heading = "That form was not understood",
                                             .text = "Please go back to the sign-in page.",
                                             .link_text = "Sign-in page"});
}

http::Response PortalPages::foreign_form() const {
    return notice(http_status::forbidden,
                  {.heading = "That came from another site",
                   .text = "Another site tried to sign you in or out. Nothing was changed.",
                   .link_text = "Sign-in page"});
}

http::Response PortalPages::not_found() const {
    return notice(http_status::not_found, {.heading = "There is no such page",
                                           .text = "This is the sign-in portal of the network.",
                                           .link_text = "Sign-in page"});
}

http::Response PortalPages::method_not_allowed(std::string_view allowed) const {
    http::Response response =
        notice(http_status::method_not_allowed, {.heading = "That cannot be done here",
                                                 .text = "This page does not know that method.",
                                                 .link_text = "Sign-in page"});
    response.set(http::Field::allow, boost::beast::string_view(allowed.data(), allowed.size()));
    return response;
}

http::Response PortalPages::see_other(const std::string& location) const {
    http::Response response =
        uncached(http_status::see_other, "text/plain; charset=utf-8", "See " + location + "\n");
    response.set(http::Field::location, location);
    return response;
}

}  // namespace portal::responder
