#include "control/api/handler.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <chrono>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "control/api/event_routes.h"
#include "control/api/request_body.h"
#include "http/problem.h"
#include "http/target.h"

namespace portal::control::api {

namespace asio = boost::asio;
using boost::beast::http::status;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kKeepAlive{15};
// After how many milliseconds a watcher whose stream has ended is to come back.
constexpr const char* kRetry = "retry: 2000\n\n";

http::Response respond(status status, const char* type, std::string body) {
    http::Response response(status, 11);
    response.set(http::Field::content_type, type);
    response.set(http::Field::cache_control, "no-store");
    response.body() = std::move(body);
    return response;
}

http::Response refuse(status status, const Error& error) {
    return respond(status, http::kProblemType,
                   http::problem_document(static_cast<unsigned>(status), error));
}

http::Response refuse(status status, std::string what, std::string hint = {}) {
    return refuse(status, Error{ErrorCode::invalid, std::move(what), std::move(hint)});
}

http::Response refuse(const Error& error) {
    return refuse(static_cast<status>(http::status_of(error.code)), error);
}

http::Response to_response(const Answer& answer) {
    if (!answer) return refuse(answer.error());
    return respond(status::ok, "application/json", boost::json::serialize(*answer) + "\n");
}

// An answer that comes later, and the coroutine that waits for it.
struct Awaited {
    explicit Awaited(const asio::any_io_executor& executor)
        : there(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer there;  // cancelled when it is
    std::optional<Answer> answer;
};

asio::awaitable<http::Answer> await(const Deferred& call, const Call& request) {
    const auto awaited = std::make_shared<Awaited>(co_await asio::this_coro::executor);
    call(request, [awaited](Answer answer) {
        awaited->answer = std::move(answer);
        awaited->there.cancel();
    });
    while (!awaited->answer)
        co_await awaited->there.async_wait(kAwait);
    co_return to_response(*awaited->answer);
}

// A watcher of events.
struct Watcher {
    explicit Watcher(const asio::any_io_executor& executor) : news(executor) {}

    asio::steady_timer news;  // cancelled when there are any
    std::optional<EventBus::Subscription> subscription;
    bool greeted = false;
};

std::string to_text(const Event& event) {
    std::string text = "event: " + std::string(to_string(event.type));
    if (event.id != 0) text += "\nid: " + std::to_string(event.id);
    return text + "\ndata: " + boost::json::serialize(to_json(event)) + "\n\n";
}

// What this watcher has lost follows what it had room for.
std::string to_text(EventBus::Subscription::Batch batch) {
    std::string text;
    for (const Event& event : batch.events)
        text += to_text(event);
    if (!batch.lost.empty())
        text += to_text(Event{
            .time = SystemClock().wall(), .type = EventType::lost, .lost = std::move(batch.lost)});
    return text;
}

// The id of the event that the watcher had last; what is none of ours says nothing.
std::optional<std::uint64_t> last_seen(const http::Request& request) {
    const auto text = request["Last-Event-ID"];
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return id;
}

asio::awaitable<std::optional<std::string>> next_events(std::shared_ptr<Watcher> watcher) {
    for (;;) {
        if (!std::exchange(watcher->greeted, true)) co_return kRetry;
        EventBus::Subscription::Batch batch = watcher->subscription->take();
        if (!batch.events.empty() || !batch.lost.empty()) co_return to_text(std::move(batch));
        watcher->news.expires_after(kKeepAlive);
        const auto [cancelled] = co_await watcher->news.async_wait(kAwait);
        if (!cancelled) co_return ": keep-alive\n\n";
    }
}

http::Stream stream(const Stream& subscribe, std::optional<std::uint64_t> after,
                    const asio::any_io_executor& executor) {
    const auto watcher = std::make_shared<Watcher>(executor);
    watcher->subscription = subscribe(
        [weak = std::weak_ptr(watcher)] {
            if (const auto watching = weak.lock()) watching->news.cancel();
        },
        after);
    return {respond(status::ok, "text/event-stream", {}),
            [watcher] { return next_events(watcher); }};
}

// A last answer: `then` is called when it has been sent, or cannot be.
struct Farewell {
    std::string body;
    std::function<void()> then;
    bool sent = false;

    ~Farewell() { then(); }
};

asio::awaitable<std::optional<std::string>> next_part(std::shared_ptr<Farewell> farewell) {
    if (std::exchange(farewell->sent, true)) co_return std::nullopt;
    co_return farewell->body;
}

http::Answer say(const Final& final, const Call& call) {
    const Answer answer = final.answer(call);
    http::Response response = to_response(answer);
    if (!answer) return response;
    const auto farewell = std::make_shared<Farewell>(std::move(response.body()), final.then);
    response.body().clear();
    response.content_length(farewell->body.size());
    return http::Stream{std::move(response), [farewell] { return next_part(farewell); }};
}

}  // namespace

Handler::Handler(Endpoints endpoints) : endpoints_(std::move(endpoints)) {
    for (const Endpoint& endpoint : endpoints_)
        router_.add(endpoint.method, endpoint.path);
}

// Every body is read that comes with a route: one that is not wanted is refused by name.
bool Handler::wants_body(const http::Request& head, const http::Peer&) {
    return route(head).endpoint != nullptr;
}

asio::awaitable<http::Answer> Handler::handle(const http::Request& request, const http::Peer&) {
    Routed routed = route(request);
    if (routed.refusal) co_return std::move(*routed.refusal);
    const Endpoint& endpoint = *routed.endpoint;

    if (request.body().empty()) {
        if (endpoint.body == Endpoint::Body::required)
            co_return refuse(status::bad_request, "a JSON object is needed as body");
    } else {
        const auto type = request[http::Field::content_type];
        if (!is_json_type({type.data(), type.size()}))
            co_return refuse(status::unsupported_media_type, "the body is not application/json",
                             "send it with Content-Type: application/json");
        auto body = parse_body(request.body());
        if (!body) co_return refuse(body.error());
        if (endpoint.body == Endpoint::Body::none && !body->empty())
            co_return refuse(status::bad_request,
                             "member \"" + printable(body->begin()->key()) + "\" is not known");
        routed.call.body = std::move(*body);
    }

    if (const auto* immediate = std::get_if<Immediate>(&endpoint.call))
        co_return to_response((*immediate)(routed.call));
    if (const auto* deferred = std::get_if<Deferred>(&endpoint.call))
        co_return co_await await(*deferred, routed.call);
    if (const auto* final = std::get_if<Final>(&endpoint.call)) co_return say(*final, routed.call);
    co_return stream(std::get<Stream>(endpoint.call), last_seen(request),
                     co_await asio::this_coro::executor);
}

http::Response Handler::malformed(status status, std::string_view why) {
    return refuse(status, std::string(why));
}

Handler::Routed Handler::route(const http::Request& request) const {
    Routed routed;
    const auto target = http::parse_target(request);
    if (!target) {
        routed.refusal = refuse(status::bad_request, "the request target is malformed");
        return routed;
    }
    // HEAD is a GET whose body the server leaves out.
    const http::Method method =
        request.method() == http::Method::head ? http::Method::get : request.method();
    const auto name = boost::beast::http::to_string(method);
    Router::Match match = router_.match({name.data(), name.size()}, target->path);
    if (std::holds_alternative<Router::NoSuchPath>(match)) {
        routed.refusal = refuse(status::not_found, "there is no " + printable(target->path));
        return routed;
    }
    if (const auto* other = std::get_if<Router::NoSuchMethod>(&match)) {
        std::string allowed;
        for (const std::string& one : other->allowed)
            allowed += (allowed.empty() ? "" : ", ") + one;
        routed.refusal =
            refuse(status::method_not_allowed,
                   printable(target->path) + " does not take this method", "use " + allowed);
        routed.refusal->set(http::Field::allow, allowed);
        return routed;
    }
    auto& found = std::get<Router::Found>(match);
    const Endpoint& endpoint = endpoints_[found.route];
    auto query = parse_query(target->query, endpoint.query);
    if (!query) {
        routed.refusal = refuse(query.error());
        return routed;
    }
    routed.endpoint = &endpoint;
    routed.call.parameters = std::move(found.parameters);
    routed.call.query = std::move(*query);
    return routed;
}

}  // namespace portal::control::api
