#include "responder/application.h"

#include <algorithm>
#include <chrono>

#include "responder/form.h"
#include "responder/login_url.h"
#include "responder/original_url.h"
#include "responder/page.h"
#include "responder/portal_host.h"

namespace portal::responder {

namespace asio = boost::asio;

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

// A request comes at once on a connection that was made for it. Browsers also open connections
// ahead of need, and one from before the sign-in still ends here after it.
constexpr std::chrono::seconds kAtOnce{1};

bool was_open_ahead(const http::Peer& peer) {
    return std::chrono::steady_clock::now() - peer.accepted_at > kAtOnce;
}

// None for a target that has no URL, or none that may stand in a header.
std::optional<std::string> url_of(const http::Target& target) {
    if (!target.path.starts_with('/')) return std::nullopt;
    std::string url = target.scheme + "://" + target.authority.to_string() + target.path;
    if (!target.query.empty()) url += "?" + target.query;
    const bool visible = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; });
    return visible ? std::optional(url) : std::nullopt;
}

}  // namespace

Application::Application(ipc::Configuration configuration, std::shared_ptr<PortaldClient> portald)
    : configuration_(std::move(configuration)),
      portald_(std::move(portald)),
      interception_(configuration_.portal_name),
      site_(configuration_) {}

// Before portald is asked, a literal address that the connection goes to may be the portal's.
bool Application::wants_body(const http::Request& head, const http::Peer& peer) {
    if (head.method() != http::Method::post || !announces_form(head)) return false;
    const auto target = http::parse_target(head);
    return target && (is_portal_name(configuration_, target->authority) ||
                      is_server_address(flow_of(peer), target->authority));
}

asio::awaitable<http::Answer> Application::handle(const http::Request& request,
                                                  const http::Peer& peer) {
    const Flow flow = flow_of(peer);
    const auto target = http::parse_target(request);
    const bool perhaps_own = target && (is_portal_name(configuration_, target->authority) ||
                                        is_server_address(flow, target->authority));
    const bool knows_the_way = login_url(configuration_, std::nullopt, std::nullopt).has_value();

    const bool open_ahead = was_open_ahead(peer);
    // Most strangers' requests need nothing of portald.
    if (!perhaps_own && knows_the_way && !open_ahead)
        co_return intercept(request, target, flow, std::nullopt);

    const Result<ipc::Reply> reply = co_await portald_->ask(ipc::WhoIs{flow});
    if (!reply && perhaps_own)
        co_return site_.unavailable(request, *target, flow, std::chrono::steady_clock::now());
    if (!reply) co_return intercept(request, target, flow, std::nullopt);
    if (perhaps_own && is_portal(configuration_, target->authority, reply->caller))
        co_return co_await serve_own(request, *target, flow, reply->caller);
    if (open_ahead && signed_in(reply->caller))
        if (auto url = target ? url_of(*target) : std::nullopt) co_return Interception::again(*url);
    co_return intercept(request, target, flow, reply->caller);
}

asio::awaitable<http::Response> Application::serve_own(const http::Request& request,
                                                       const http::Target& target, const Flow& flow,
                                                       const ipc::Caller& caller) {
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
            return Interception::redirect(*url);
        return interception_.answer(request, {.url = std::move(url), .at_once = true});
    }
    // The address that the connection goes to is the portal's or a steered one's, where the
    // stranger would be back here: worth a link, not a jump.
    return interception_.answer(
        request, {.url = login_url(configuration_, flow.server, original), .at_once = false});
}

http::Response Application::malformed(boost::beast::http::status status, std::string_view why) {
    http::Response response =
        uncached(status, "text/plain; charset=utf-8", std::string(why) + "\n");
    response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    return response;
}

}  // namespace portal::responder
