// Serves every page in any state on a port of the loopback, for browsers to look at:
//
//   /sign-in/METHOD+METHOD…   /status/guest   /status/trusted   /terms   /logo   /notice/NAME /511
//
// with these parameters: lang, url, seal, voucher, refusal=NAME, terms (there are some), logo
// (there is one), accent=RRGGBB, long (long names), later (the 511 page that stays). A form that is
// posted ends with a redirect to its url. Prints its port; ends with its standard input.
#include <sodium.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdio>
#include <map>
#include <memory>

#include "http/server.h"
#include "http/target.h"
#include "responder/form.h"
#include "responder/intercept.h"
#include "responder/page.h"
#include "responder/portal_pages.h"
#include "unit/http/raw_client.h"
#include "unit/responder/fake_portald.h"

namespace portal::responder {
namespace {

namespace asio = boost::asio;
using http_status = boost::beast::http::status;

constexpr const char* kTerms =
    "This network is a service to our guests. It is offered as it is, and may be slow or end at "
    "any time.\n\nPlease do not disturb others, and do nothing that the law forbids.\n\n"
    "We keep the address of your device and the times of your visits for 30 days.";

constexpr const char* kLogo =
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 120 60'>"
    "<path d='M8 42q13-16 26 0t26 0t26 0t26 0' fill='none' stroke='#7a1f4b' stroke-width='7'/>"
    "<circle cx='60' cy='16' r='10' fill='#c46f00'/></svg>";

class Gallery : public http::Handler {
  public:
    bool wants_body(const http::Request&, const http::Peer&) override { return true; }

    asio::awaitable<http::Answer> handle(const http::Request& request, const http::Peer&) override {
        const auto target = http::parse_target(request);
        if (!target) co_return malformed(http_status::bad_request, "no target");
        co_return answer(request, *target);
    }

    http::Response malformed(http_status status, std::string_view why) override {
        return uncached(status, "text/plain", std::string(why));
    }

  private:
    static bool has(const Form& query, std::string_view name) { return query.contains(name); }

    static ipc::Configuration configuration(const Form& query, std::string_view methods) {
        ipc::Configuration configuration;
        configuration.portal_name = has(query, "long")
                                        ? "Grand Hôtel de la Gare et des Voyageurs – "
                                          "Restaurant\u00a0Donaudampfschifffahrtsgesellschaft"
                                        : "Harbour Inn";
        configuration.click_through = methods.contains("click-through");
        configuration.voucher = methods.contains("voucher");
        configuration.password = methods.contains("password");
        configuration.remote = methods.contains("remote");
        if (has(query, "terms")) configuration.terms = kTerms;
        // Its own parameters do not reach the picture, which is asked for without any.
        if (has(query, "logo")) configuration.logo = ipc::Logo{"image/svg+xml", kLogo};
        if (const auto accent = parse_color("#" + field(query, "accent")))
            configuration.accent_color = *accent;
        return configuration;
    }

    static std::optional<Refusal> refusal(const Form& query) {
        static const std::map<std::string, Refusal> names{
            {"outdated", Refusal::outdated}, {"password", Refusal::password},
            {"voucher", Refusal::voucher},   {"remote", Refusal::remote},
            {"device", Refusal::device},     {"elsewhere", Refusal::elsewhere},
            {"not_now", Refusal::not_now},   {"devices", Refusal::devices}};
        const auto name = names.find(field(query, "refusal"));
        return name == names.end() ? std::nullopt : std::optional(name->second);
    }

    static http::Response answer(const http::Request& request, const http::Target& target) {
        const bool posted = request.method() == http::Method::post;
        const Form query = parse_form(posted ? request.body() : target.query).value_or(Form());
        Carried carried{.lang = chosen_language(query)};
        if (const auto url = carried_url(field(query, "url")))
            carried.original = OriginalUrl{*url, field(query, "seal")};
        const Locale& locale = locale_for(request, carried.lang);
        if (target.path == "/logo") return logo_page(locale);
        const std::string& path = target.path;
        const PortalPages pages(configuration(query, path));
        if (posted) return pages.see_other(field(query, "url"));
        if (path.starts_with("/sign-in/"))
            return pages.sign_in(locale, refusal(query) ? http_status::forbidden : http_status::ok,
                                 {.token = std::string(64, '0'),
                                  .carried = carried,
                                  .user = refusal(query) ? "ada" : "",
                                  .voucher = field(query, "voucher"),
                                  .refusal = refusal(query),
                                  .devices = 3});
        if (path.starts_with("/status/")) return status(pages, locale, path, query, carried);
        if (path == "/terms") return pages.terms(locale, carried);
        if (path == "/511") return intercepted(request, query, locale);
        return notice(pages, locale, path);
    }

    static http::Response logo_page(const Locale& locale) {
        ipc::Configuration configuration;
        configuration.logo = ipc::Logo{"image/svg+xml", kLogo};
        return PortalPages(configuration).logo(locale);
    }

    static http::Response status(const PortalPages& pages, const Locale& locale,
                                 const std::string& path, const Form& query,
                                 const Carried& carried) {
        ipc::Caller caller = test::guest();
        if (path == "/status/trusted") {
            caller = test::stranger();
            caller.state = ClientState::trusted;
        }
        if (has(query, "quota")) caller.data_remaining = 1'990'000'000;
        if (has(query, "long")) caller.user = std::string(64, 'w');
        return pages.status(locale, http_status::ok, caller,
                            {.token = std::string(64, '0'),
                             .carried = carried,
                             .outdated = refusal(query).has_value()});
    }

    static http::Response intercepted(const http::Request& request, const Form& query,
                                      const Locale& locale) {
        http::Request stranger = request;
        stranger.set(http::Field::accept_language, locale.tag());
        http::Response response =
            Interception("Harbour Inn")
                .answer(stranger, {.url = field(query, "url"), .at_once = !has(query, "later")});
        // The picture is of the page itself, not of where it leads.
        response.erase("Refresh");
        const std::size_t meta = response.body().find("<meta http-equiv");
        if (meta != std::string::npos)
            response.body().erase(meta, response.body().find('>', meta) + 1 - meta);
        return response;
    }

    static http::Response notice(const PortalPages& pages, const Locale& locale,
                                 const std::string& path) {
        if (path == "/notice/unrecognised") return pages.unrecognised(locale);
        if (path == "/notice/unavailable") return pages.unavailable(locale);
        if (path == "/notice/throttled") return pages.throttled(locale, std::chrono::minutes(12));
        if (path == "/notice/busy") return pages.busy(locale, Seconds(2));
        if (path == "/notice/failed") return pages.failed(locale);
        if (path == "/notice/bad_form") return pages.bad_form(locale);
        if (path == "/notice/foreign_form") return pages.foreign_form(locale);
        if (path == "/notice/bad_method") return pages.method_not_allowed(locale, "GET");
        return pages.not_found(locale);
    }
};

int serve() {
    asio::io_context context(1);
    UniqueFd listener = test::listen_on_loopback(AF_INET);
    std::printf("%d\n", test::port_of(listener.get()));
    std::fflush(stdout);
    http::serve(context, std::move(listener), std::make_shared<Gallery>(), http::Limits{});
    asio::posix::stream_descriptor input(context, dup(STDIN_FILENO));
    input.async_wait(asio::posix::stream_descriptor::wait_read,
                     [&](const boost::system::error_code&) { context.stop(); });
    context.run();
    return 0;
}

}  // namespace
}  // namespace portal::responder

int main() {
    return sodium_init() < 0 ? 1 : portal::responder::serve();
}
