#include "responder/grant_api.h"

#include <boost/beast/core/string.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <utility>

#include "http/problem.h"
#include "http/target.h"
#include "ipc/members.h"
#include "responder/page.h"

namespace portal::responder {

namespace asio = boost::asio;
namespace json = boost::json;
using http_status = boost::beast::http::status;

namespace {

constexpr const char* kPath = "/v1/grants";

http::Response refuse(http_status status, std::string what, std::string hint = {}) {
    const Error error{ErrorCode::invalid, std::move(what), std::move(hint)};
    return uncached(status, http::kProblemType,
                    http::problem_document(static_cast<unsigned>(status), error));
}

http::Response unavailable() {
    http::Response response =
        refuse(http_status::service_unavailable, "the portal does not answer right now");
    response.set(http::Field::retry_after, "5");
    return response;
}

bool is_json(const http::Request& request) {
    const auto value = request[http::Field::content_type];
    const auto type = value.substr(0, value.find(';'));
    return boost::beast::iequals(type.substr(0, type.find(' ')), "application/json");
}

// What is wrong with a request before its body is looked at.
std::optional<http::Response> objection(const http::Request& request) {
    const auto target = http::parse_target(request);
    if (!target || target->path != kPath)
        return refuse(http_status::not_found, "there is nothing here", "POST /v1/grants");
    if (request.method() != http::Method::post) {
        http::Response response =
            refuse(http_status::method_not_allowed, "this resource takes no such method");
        response.set(http::Field::allow, "POST");
        return response;
    }
    if (!is_json(request))
        return refuse(http_status::unsupported_media_type, "the body is not application/json");
    return std::nullopt;
}

Result<std::string> read_grant(const std::string& body) {
    json::parse_options options;
    options.max_depth = 2;
    boost::system::error_code error;
    const json::value value = json::parse(body, error, {}, options);
    if (error || !value.is_object()) return fail(ErrorCode::invalid, "the body is no JSON object");
    ipc::Members members(value.get_object());
    std::string grant = members.text("grant", ipc::kLongestGrant);
    TRY(members.finish());
    return grant;
}

IpAddress address_of(const http::Peer& peer) {
    if (!peer.remote) return {};
    const auto address = peer.remote->address();
    if (address.is_v4()) return IpAddress::v4(address.to_v4().to_bytes());
    return IpAddress::v6(address.to_v6().to_bytes());
}

}  // namespace

bool GrantApi::wants_body(const http::Request& head, const http::Peer&) {
    return !objection(head);
}

asio::awaitable<http::Answer> GrantApi::handle(const http::Request& request,
                                               const http::Peer& peer) {
    if (auto refusal = objection(request)) co_return std::move(*refusal);
    auto grant = read_grant(request.body());
    if (!grant) co_return refuse(http_status::bad_request, grant.error().what);
    // With a name: GCC 12 destroys such a temporary twice across co_await.
    Question question = ipc::RemoteCallback{address_of(peer), *std::move(grant)};
    const Result<ipc::Reply> reply = co_await portald_->ask(std::move(question));
    if (reply) co_return answer(*reply);
    // Text that no grant can be never reaches portald.
    if (reply.error().code == ErrorCode::invalid)
        co_return refuse(http_status::bad_request, "member \"grant\" is not a signed token");
    co_return unavailable();
}

http::Response GrantApi::answer(const ipc::Reply& reply) const {
    switch (reply.outcome) {
        case ipc::Outcome::done: {
            json::object said{{"client", nullptr}, {"expires_at", nullptr}};
            if (reply.caller.client) said["client"] = reply.caller.client->to_string();
            if (reply.caller.remaining)
                said["expires_at"] = format_rfc3339(clock_.wall() + *reply.caller.remaining);
            return uncached(http_status::ok, "application/json", json::serialize(said) + "\n");
        }
        case ipc::Outcome::refused:
            // Which of its claims is wrong, portald tells the operator alone.
            return refuse(http_status::forbidden, "the grant does not count",
                          "portalctl event monitor on the gateway says why");
        case ipc::Outcome::elsewhere:
            return refuse(http_status::forbidden, "the policy does not apply on the client's VLAN");
        case ipc::Outcome::not_now:
            return refuse(http_status::forbidden, "the policy does not apply at this time of day");
        case ipc::Outcome::devices:
            return refuse(http_status::forbidden,
                          "the user is signed in on as many devices as the policy allows");
        case ipc::Outcome::replayed:
            return refuse(http_status::conflict, "the grant has been used");
        case ipc::Outcome::throttled: {
            http::Response response =
                refuse(http_status::too_many_requests, "too many grants that do not count");
            if (reply.retry_after)
                response.set(http::Field::retry_after, std::to_string(reply.retry_after->count()));
            return response;
        }
        case ipc::Outcome::busy:
            return unavailable();
        case ipc::Outcome::unknown:
        case ipc::Outcome::failed:
            break;
    }
    return refuse(http_status::internal_server_error, "the gateway could not sign the client in");
}

http::Response GrantApi::malformed(http_status status, std::string_view why) {
    return refuse(status, std::string(why));
}

}  // namespace portal::responder
