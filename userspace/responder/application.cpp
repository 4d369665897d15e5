#include "responder/application.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "http/method.h"
#include "responder/form.h"
#include "responder/login_url.h"
#include "responder/original_url.h"
#include "responder/page.h"
#include "responder/portal_host.h"

namespace portal::responder {

namespace asio = boost::asio;
using boost::beast::http::status;

namespace {

IpAddress to_address(const asio::ip::address& address) {
    if (address.is_v4()) return IpAddress::v4(address.to_v4().to_bytes());
    return IpAddress::v6(address.to_v6().to_bytes());
}

Flow flow_of(const http::Peer& peer) {
    Flow flow;
    if (peer.remote) {
        flow.client = to_address(peer.remote->address());
        flow.client_port = peer.remote->port();
    }
    if (peer.local) {
        flow.server = to_address(peer.local->address());
        flow.server_port = peer.local->port();
    }
    return flow;
}

http::Response plain(status code, std::string_view why) {
    http::Response response = uncached(code, "text/plain; charset=utf-8", std::string(why) + "\n");
    response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    return response;
}

// A request comes at once on a connection that was made for it. Browsers also open connections
// ahead of need, and one from before the sign-in still ends here after it.
constexpr std::chrono::seconds kAtOnce{1};

bool was_open_ahead(const http::Peer& peer) {
    return std::chrono::steady_clock::now() - peer.accepted_at > kAtOnce;
}

// What may stand in a Location as it came.
bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string path_and_query(const http::Target& target) {
    return target.query.empty() ? target.path : target.path + "?" + target.query;
}

// None for a target that has no URL, or none that may stand in a header.
std::optional<std::string> url_of(const http::Target& target) {
    if (!target.path.starts_with('/')) return std::nullopt;
    std::string url = target.scheme + "://" + target.authority.to_string() + path_and_query(target);
    return is_visible(url) ? std::optional(std::move(url)) : std::nullopt;
}

}  // namespace

Application::Application(ipc::Configuration configuration, std::shared_ptr<PortaldClient> portald)
    : configuration_(std::move(configuration)),
      portald_(std::move(portald)),
      knows_the_way_(login_url(configuration_, std::nullopt, std::nullopt).has_value()),
      interception_(configuration_.portal_name),
      site_(configuration_) {
    if (configuration_.tls) capport_.emplace(configuration_);
}

// Before portald is asked, a literal address that the connection goes to may be the portal's.
bool Application::is_perhaps_own(const std::optional<http::Target>& target,
                                 const Flow& flow) const {
    return target && (is_portal_name(configuration_, target->authority) ||
                      is_server_address(flow, target->authority));
}

bool Application::wants_body(const http::Request& head, const http::Peer& peer) {
    if (head.method() != http::Method::post || !announces_form(head)) return false;
    if (configuration_.tls && !peer.secure) return false;
    return is_perhaps_own(http::parse_target(head), flow_of(peer));
}

asio::awaitable<http::Answer> Application::handle(const http::Request& request,
                                                  const http::Peer& peer) {
    const Flow flow = flow_of(peer);
    const auto target = http::parse_target(request);
    const bool perhaps_own = is_perhaps_own(target, flow);

    if (peer.secure && !perhaps_own) co_return misdirected();
    const bool open_ahead = was_open_ahead(peer);
    // Most strangers' requests need nothing of portald.
    if (!perhaps_own && knows_the_way_ && !open_ahead)
        co_return intercept(request, target, flow, std::nullopt);
    const bool by_name = perhaps_own && is_portal_name(configuration_, target->authority);
    const bool moved = configuration_.tls && !peer.secure;
    if (by_name && moved) co_return to_https(request, *target);

    const Result<ipc::Reply> reply = co_await portald_->ask(ipc::WhoIs{flow});
    if (!reply && perhaps_own)
        co_return site_.unavailable(request, *target, flow, std::chrono::steady_clock::now());
    if (!reply) co_return intercept(request, target, flow, std::nullopt);
    const bool own = perhaps_own && is_portal(configuration_, target->authority, reply->caller);
    if (own && moved) co_return to_https(request, *target);
    if (own) co_return co_await serve_own(request, *target, flow, reply->caller);
    if (peer.secure) co_return misdirected();
    // Once more, on a new connection, which is not ours to answer any more.
    if (open_ahead && signed_in(reply->caller))
        if (const auto url = target ? url_of(*target) : std::nullopt)
            co_return redirect(status::temporary_redirect, *url);
    co_return intercept(request, target, flow, reply->caller);
}

// Never 301: a phone would remember it for the name in other networks too.
http::Response Application::to_https(const http::Request& request,
                                     const http::Target& target) const {
    if (!http::is_read(request.method()))
        return site_.pages().method_not_allowed(locale_for(request), "GET, HEAD");
    const std::string path = path_and_query(target);
    return redirect(status::found, secure_url(configuration_, is_visible(path) ? path : "/"));
}

// RFC 9110 §15.5.20: whoever it is meant for, it is not us.
http::Response Application::misdirected() {
    return plain(status::misdirected_request, "this is another host");
}

asio::awaitable<http::Response> Application::serve_own(const http::Request& request,
                                                       const http::Target& target, const Flow& flow,
                                                       const ipc::Caller& caller) {
    if (capport_ && target.path == CapportApi::kPath) {
        if (!http::is_read(request.method()))
            co_return site_.pages().method_not_allowed(locale_for(request), "GET, HEAD");
        if (!caller.client) co_return site_.pages().unrecognised(locale_for(request));
        co_return capport_->answer(request, caller);
    }
    const auto now = std::chrono::steady_clock::now();
    auto received = site_.receive(request, target, flow, caller, now);
    if (auto* response = std::get_if<http::Response>(&received)) co_return std::move(*response);

    const auto& submission = std::get<Submission>(received);
    Question question;
    std::visit([&](const auto& body) { question = body; }, submission.question);
    const Result<ipc::Reply> reply = co_await portald_->ask(std::move(question));
    co_return site_.conclude(submission, reply, now);
}

http::Response Application::intercept(const http::Request& request,
                                      const std::optional<http::Target>& target, const Flow& flow,
                                      const std::optional<ipc::Caller>& caller) const {
    const auto probe = target ? probes_.match(request, *target) : std::nullopt;
    std::optional<OriginalUrl> original;
    if (auto url = target && !probe ? original_url(request, *target) : std::nullopt)
        original = {*url, site_.seals().issue(*url, flow.client, std::chrono::steady_clock::now())};
    const auto address = caller ? caller->portal_address : std::nullopt;
    if (auto url = login_url(configuration_, address, original)) {
        if (probe == ProbeAnswer::found && configuration_.probe_compatibility)
            return redirect(status::found, *url);
        return interception_.answer(request, {.url = std::move(url), .at_once = true});
    }
    // The address that the connection goes to is the portal's or a steered one's, where the
    // stranger would be back here: worth a link, not a jump.
    return interception_.answer(
        request, {.url = login_url(configuration_, flow.server, original), .at_once = false});
}

http::Response Application::malformed(status code, std::string_view why) {
    return plain(code, why);
}

}  // namespace portal::responder
