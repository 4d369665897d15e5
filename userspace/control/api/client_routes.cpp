#include "control/api/client_routes.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <limits>
#include <optional>

#include "base/text.h"
#include "control/api/client_json.h"
#include "ipc/members.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestText = 256;  // told apart further by what the text must be

Answer shown(const ClientViews& views, const ClientId& client) {
    TRY_ASSIGN(const ClientView view, views.show(client));
    return to_json(view);
}

Answer list(const ClientViews& views, const Call& call) {
    std::optional<ClientState> state;
    if (const auto wanted = call.query.find("state"); wanted != call.query.end()) {
        state = parse_client_state(wanted->second);
        if (!state)
            return fail(ErrorCode::invalid, "\"" + printable(wanted->second) + "\" is not a state",
                        "ask for stranger, authorized, trusted or blocked");
    }
    TRY_ASSIGN(const std::vector<ClientView> clients, views.list());
    json::array array;
    for (const ClientView& client : clients)
        if (!state || client.state == *state) array.push_back(to_json(client));
    return array;
}

Answer list_with_address(const ClientViews& views, const IpAddress& address) {
    TRY_ASSIGN(const std::vector<ClientView> clients, views.list());
    json::array array;
    for (const ClientView& client : clients)
        if (std::ranges::find(client.ip, address) != client.ip.end())
            array.push_back(to_json(client));
    if (array.empty())
        return fail(ErrorCode::not_found, "no client was seen with " + address.to_string());
    return array;
}

Answer show(const ClientViews& views, const std::string& name) {
    if (const auto address = parse_ip_address(name)) return list_with_address(views, *address);
    const auto client = parse_client_id(name);
    if (!client)
        return fail(ErrorCode::invalid,
                    "\"" + printable(name) + "\" is neither a MAC nor an IP address",
                    "write it as 02:00:00:00:00:01, 02:00:00:00:00:01@100 or 192.0.2.10");
    TRY_ASSIGN(const auto view, views.find(*client));
    if (!view) return fail(ErrorCode::not_found, client->to_string() + " was never seen");
    return json::array{to_json(*view)};
}

Result<SessionManager::Grant> read_grant(const json::object& body) {
    ipc::Members members(body);
    SessionManager::Grant grant;
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        if (!body.contains(json::string_view(name.data(), name.size()))) return std::nullopt;
        return members.text(name, kLongestText);
    };
    const auto timeout = text("timeout");
    grant.policy = text("policy");
    grant.user = text("user");
    TRY(members.finish());
    if (timeout) {
        TRY_ASSIGN(grant.timeout, parse_session_timeout(*timeout));
    }
    return grant;
}

using Action = Status (SessionManager::*)(const ClientId&);

Immediate act(SessionManager& sessions, const ClientViews& views, Action action) {
    return [&sessions, &views, action](const Call& call) -> Answer {
        TRY_ASSIGN(const ClientId client, parse_client_id(call.parameters.at(0)));
        TRY((sessions.*action)(client));
        return shown(views, client);
    };
}

Immediate authorize(SessionManager& sessions, const ClientViews& views) {
    return [&sessions, &views](const Call& call) -> Answer {
        TRY_ASSIGN(const ClientId client, parse_client_id(call.parameters.at(0)));
        TRY_ASSIGN(const SessionManager::Grant grant, read_grant(call.body));
        TRY(sessions.authorize(client, grant));
        return shown(views, client);
    };
}

}  // namespace

Endpoints client_routes(SessionManager& sessions, const ClientViews& views) {
    Endpoints endpoints = {
        {.method = "GET",
         .path = "/v1/clients",
         .call = Immediate([&views](const Call& call) { return list(views, call); }),
         .query = {"state"}},
        {.method = "GET",
         .path = "/v1/clients/{client}",
         .call =
             Immediate([&views](const Call& call) { return show(views, call.parameters.at(0)); })},
        {.method = "POST",
         .path = "/v1/clients/{client}/authorize",
         .call = authorize(sessions, views),
         .body = Endpoint::Body::optional},
    };
    const auto add = [&](std::string_view path, Action action) {
        endpoints.push_back({.method = "POST", .path = path, .call = act(sessions, views, action)});
    };
    add("/v1/clients/{client}/deauthorize", &SessionManager::deauthorize);
    add("/v1/clients/{client}/block", &SessionManager::block);
    add("/v1/clients/{client}/unblock", &SessionManager::unblock);
    add("/v1/clients/{client}/trust", &SessionManager::trust);
    add("/v1/clients/{client}/untrust", &SessionManager::untrust);
    return endpoints;
}

}  // namespace portal::control::api
