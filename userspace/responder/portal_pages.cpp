#include "responder/portal_pages.h"

#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "responder/assets.h"
#include "responder/branding.h"
#include "responder/original_url.h"
#include "responder/page.h"

namespace portal::responder {

using http_status = boost::beast::http::status;

namespace {

// How soon a page that says "try again" means it.
constexpr Seconds kSoon{5};

void put_if(Values& values, const std::string& name, const std::string& value) {
    if (!value.empty()) values[name] = value;
}

// A text of which a part in [brackets] is a link: NAME_before, NAME, NAME_after.
void put_linked(Values& values, const std::string& name, const std::string& text) {
    const std::size_t open = text.find('[');
    const std::size_t close = text.find(']', open);
    if (close == std::string::npos) {
        values[name] = text;
        return;
    }
    put_if(values, name + "_before", text.substr(0, open));
    values[name] = text.substr(open + 1, close - open - 1);
    put_if(values, name + "_after", text.substr(close + 1));
}

// What went wrong, the field to look at again, and the fields that are then marked.
struct Fault {
    const char* text;
    const char* field = nullptr;
    const char* marked = nullptr;
};

Fault fault_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::outdated:
            return {.text = "refused.outdated"};
        case Refusal::password:
            return {.text = "refused.password", .field = "user", .marked = "wrong_password"};
        case Refusal::voucher:
            return {.text = "refused.voucher", .field = "voucher", .marked = "wrong_voucher"};
        case Refusal::remote:
            return {.text = "refused.remote"};
        case Refusal::device:
            return {.text = "refused.device"};
        case Refusal::elsewhere:
            return {.text = "refused.elsewhere"};
        case Refusal::not_now:
            return {.text = "refused.not_now"};
        case Refusal::devices:
            return {.text = "refused.devices"};
    }
    std::unreachable();
}

// The ways to sign in that are offered, in the page's order: the simplest first, each after the
// first set off from the one before and with a quieter button.
std::vector<Values> methods_of(const ipc::Configuration& configuration) {
    const std::array offered{std::pair("click_through", configuration.click_through),
                             std::pair("voucher", configuration.voucher),
                             std::pair("password", configuration.password),
                             std::pair("remote", configuration.remote)};
    std::vector<Values> methods;
    for (const auto& [name, is_offered] : offered)
        if (is_offered) methods.push_back({{name, true}, {"another", !methods.empty()}});
    return methods;
}

std::vector<Values> languages(const Locale& current) {
    std::vector<Values> list;
    for (const Locale& locale : locales())
        list.push_back({{"tag", locale.tag()},
                        {"dir", locale.direction()},
                        {"name", locale.name()},
                        {"current", locale.tag() == current.tag()}});
    return list;
}

// Text whose blank lines part paragraphs.
std::vector<Values> paragraphs_of(std::string_view text) {
    std::vector<Values> paragraphs;
    std::string paragraph;
    const auto end = [&] {
        if (!paragraph.empty()) paragraphs.push_back({{"text", std::exchange(paragraph, {})}});
    };
    while (!text.empty()) {
        const std::size_t length = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, length));
        text.remove_prefix(std::min(length + 1, text.size()));
        if (line.empty())
            end();
        else
            paragraph += (paragraph.empty() ? "" : "\n") + std::string(line);
    }
    end();
    return paragraphs;
}

// In whole minutes, and enough of them.
Seconds in_minutes(Seconds wait) {
    return std::chrono::ceil<std::chrono::minutes>(wait);
}

}  // namespace

// What the layout is put around.
struct PortalPages::Page {
    std::string title;
    std::string content;
    std::string path = "/";  // where the language menu leads
    Carried carried = {};
    std::string voucher = {};  // for the menu to keep
    bool leads_back = false;   // a form of it may end at the original URL
};

PortalPages::PortalPages(ipc::Configuration configuration)
    : configuration_(std::move(configuration)),
      style_(std::string(asset("portal.css")) + accent_style(configuration_.accent_color)),
      style_source_(style_source(style_)),
      layout_("layout.html"),
      carried_("carried.html"),
      sign_in_("sign_in.html"),
      status_("status.html"),
      terms_("terms.html"),
      notice_("notice.html") {}

// Browsers hold every redirect that follows a form to its policy (Content Security Policy 3
// §6.4.1.1), so a form that ends at the original URL, and wherever that redirects to, has to allow
// the whole web.
std::string PortalPages::policy(bool leads_back) const {
    std::string policy = "default-src 'none'; style-src " + style_source_;
    if (configuration_.logo) policy += "; img-src 'self'";
    policy += "; form-action 'self'";
    if (leads_back) policy += " http: https:";
    return policy + "; frame-ancestors 'none'; base-uri 'none'";
}

std::string PortalPages::carried_fields(const Locale& locale, const Carried& carried) const {
    Values values;
    if (carried.original) {
        values["url"] = carried.original->url;
        put_if(values, "seal", carried.original->seal);
    }
    put_if(values, "lang", carried.lang);
    return carried_.render(locale, values);
}

http::Response PortalPages::page(const Locale& locale, http_status status, const Page& page) const {
    Carried kept = page.carried;
    kept.lang.clear();
    Values values{{"lang", locale.tag()},
                  {"dir", locale.direction()},
                  {"title", page.title},
                  {"venue", configuration_.portal_name},
                  {"logo", configuration_.logo.has_value()},
                  {"style", style_},
                  {"content", page.content},
                  {"path", page.path},
                  {"carried", carried_fields(locale, kept)},
                  {"language", locale.name()},
                  {"languages", languages(locale)}};
    put_if(values, "voucher", page.voucher);
    http::Response response =
        uncached(status, "text/html; charset=utf-8", layout_.render(locale, values));
    response.set(http::Field::content_language, locale.tag());
    response.set("Content-Security-Policy", policy(page.leads_back));
    // Not no-referrer: with that, browsers hide the Origin of our own forms (Fetch §3.1).
    response.set("Referrer-Policy", "same-origin");
    return response;
}

// `name` is that of its texts.
http::Response PortalPages::notice(const Locale& locale, http_status status,
                                   const std::string& name, const Carried& carried,
                                   const Values& values) const {
    const std::string heading = locale.text(name + ".heading");
    Values holes{{"heading", heading},
                 {"text", locale.text(name + ".text", values)},
                 {"link", link_to("/", carried)}};
    if (status == http_status::service_unavailable || status == http_status::internal_server_error)
        holes["again"] = true;
    else if (status != http_status::too_many_requests)
        holes["front"] = true;
    return page(locale, status,
                {.title = heading, .content = notice_.render(locale, holes), .carried = carried});
}

http::Response PortalPages::sign_in(const Locale& locale, http_status status,
                                    const SignInView& view) const {
    const std::vector<Values> methods = methods_of(configuration_);
    Values values{{"token", view.token},
                  {"carried", carried_fields(locale, view.carried)},
                  {"user", view.user},
                  {"voucher_code", view.voucher},
                  {"remote_link", link_to("/remote", view.carried)},
                  {"methods", methods},
                  {"closed", methods.empty()}};
    if (!configuration_.terms.empty()) {
        put_linked(values, "terms", locale.text("sign_in.terms"));
        values["terms_link"] = link_to("/terms", view.carried);
    }
    std::string title = locale.text("sign_in.title");
    if (view.refusal) {
        const Fault fault = fault_of(*view.refusal);
        title = locale.text(fault.text, {{"n", std::to_string(view.devices)}});
        values["alert"] = title;
        if (fault.field != nullptr) {
            values["alert_field"] = std::string(fault.field);
            values[fault.marked] = true;
        }
    }
    return page(locale, status,
                {.title = std::move(title),
                 .content = sign_in_.render(locale, values),
                 .carried = view.carried,
                 .voucher = view.voucher,
                 .leads_back = view.carried.original && !view.carried.original->seal.empty()});
}

http::Response PortalPages::status(const Locale& locale, http_status status,
                                   const ipc::Caller& caller, const StatusView& view) const {
    const bool trusted = caller.state == ClientState::trusted;
    Values values{{"trusted", trusted},
                  {"carried", carried_fields(locale, view.carried)},
                  {"remaining", caller.remaining ? locale.duration(*caller.remaining)
                                                 : locale.text("status.unlimited")}};
    if (view.outdated) values["alert"] = locale.text("refused.outdated");
    if (!trusted) values["token"] = view.token;
    if (caller.user) put_if(values, "user", *caller.user);
    if (caller.usage) {
        values["used"] = locale.size(caller.usage->rx_bytes + caller.usage->tx_bytes);
        values["down"] = locale.size(caller.usage->tx_bytes);
        values["up"] = locale.size(caller.usage->rx_bytes);
    }
    if (caller.data_remaining) values["data_left"] = locale.size(*caller.data_remaining);
    if (const auto& original = view.carried.original) {
        values["url"] = original->url;
        values["host"] = host_of(original->url);
    }
    return page(locale, status,
                {.title = locale.text("status.title"),
                 .content = status_.render(locale, values),
                 .path = "/status",
                 .carried = view.carried});
}

http::Response PortalPages::terms(const Locale& locale, const Carried& carried) const {
    if (configuration_.terms.empty()) return not_found(locale);
    const Values values{{"paragraphs", paragraphs_of(configuration_.terms)},
                        {"back", link_to("/", carried)}};
    return page(locale, http_status::ok,
                {.title = locale.text("terms.title"),
                 .content = terms_.render(locale, values),
                 .path = "/terms",
                 .carried = carried});
}

http::Response PortalPages::logo(const Locale& locale) const {
    return configuration_.logo ? logo_file(*configuration_.logo) : not_found(locale);
}

http::Response PortalPages::unrecognised(const Locale& locale, const Carried& carried) const {
    http::Response response =
        notice(locale, http_status::service_unavailable, "unrecognised", carried);
    response.set(http::Field::retry_after, std::to_string(kSoon.count()));
    return response;
}

http::Response PortalPages::unavailable(const Locale& locale, const Carried& carried) const {
    http::Response response =
        notice(locale, http_status::service_unavailable, "unavailable", carried);
    response.set(http::Field::retry_after, std::to_string(kSoon.count()));
    return response;
}

http::Response PortalPages::throttled(const Locale& locale, Seconds retry_after,
                                      const Carried& carried) const {
    http::Response response = notice(locale, http_status::too_many_requests, "throttled", carried,
                                     {{"wait", locale.duration(in_minutes(retry_after))}});
    response.set(http::Field::retry_after, std::to_string(retry_after.count()));
    return response;
}

http::Response PortalPages::busy(const Locale& locale, Seconds retry_after,
                                 const Carried& carried) const {
    http::Response response = notice(locale, http_status::service_unavailable, "busy", carried);
    response.set(http::Field::retry_after, std::to_string(retry_after.count()));
    return response;
}

http::Response PortalPages::failed(const Locale& locale, const Carried& carried) const {
    return notice(locale, http_status::internal_server_error, "failed", carried);
}

http::Response PortalPages::bad_form(const Locale& locale) const {
    return notice(locale, http_status::bad_request, "bad_form");
}

http::Response PortalPages::foreign_form(const Locale& locale) const {
    return notice(locale, http_status::forbidden, "foreign_form");
}

http::Response PortalPages::not_found(const Locale& locale) const {
    return notice(locale, http_status::not_found, "not_found");
}

http::Response PortalPages::method_not_allowed(const Locale& locale,
                                               std::string_view allowed) const {
    http::Response response = notice(locale, http_status::method_not_allowed, "bad_method");
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
