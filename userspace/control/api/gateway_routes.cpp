#include "control/api/gateway_routes.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <chrono>

#include "control/api/json_text.h"
#include "ipc/members.h"
#include "portal_abi.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

// One interface: attached is all its hooks, mode is XDP's.
json::value interface_status(const std::string& name,
                             const std::vector<dataplane::HookState>& hooks) {
    bool attached = !hooks.empty();
    std::string mode;
    std::string detail;
    for (const auto& hook : hooks) {
        attached = attached && hook.attached;
        if (hook.hook == dataplane::Hook::xdp) mode = hook.mode;
        if (detail.empty()) detail = hook.detail;
    }
    return {{"name", to_json(name)},
            {"attached", attached},
            {"mode", text_or_null(mode)},
            {"detail", text_or_null(detail)}};
}

Answer count_clients(const SessionManager& sessions, const ClientViews& views) {
    TRY_ASSIGN(const std::vector<ClientView> clients, views.list());
    const auto in_state = [&](ClientState state) {
        return std::ranges::count(clients, state, &ClientView::state);
    };
    return json::object{{"authorized", in_state(ClientState::authorized)},
                        {"trusted", in_state(ClientState::trusted)},
                        {"blocked", in_state(ClientState::blocked)},
                        {"stranger", in_state(ClientState::stranger)},
                        {"limit", sessions.capacity()}};
}

Answer status(const Gateway& gateway, const SessionManager& sessions, const ClientViews& views,
              const Gate& gate, const Clock& clock) {
    json::array interfaces;
    for (const std::string& name : gateway.client_interfaces)
        interfaces.push_back(interface_status(name, gate.hooks(name)));
    const ResponderState responder = gateway.responder();
    const PortalFront portal = gateway.portal();
    TRY_ASSIGN(json::value clients, count_clients(sessions, views));
    const auto uptime = std::chrono::floor<Seconds>(clock.monotonic() - gateway.started);
    return json::object{
        {"version", to_json(gateway.version)},
        {"abi", PORTAL_ABI},
        {"started_at", to_json(gateway.started_at)},
        {"uptime_s", uptime.count()},
        {"config", to_json(gateway.config)},
        {"store", to_json(gateway.store)},
        {"portal", {{"name", to_json(portal.name)}, {"login_url", or_null(portal.login_url)}}},
        {"interfaces", std::move(interfaces)},
        {"responder",
         {{"running", responder.pid.has_value()},
          {"pid", number_or_null(responder.pid)},
          {"restarts", responder.restarts}}},
        {"clients", std::move(clients)}};
}

Answer examine(const Gateway& gateway) {
    json::array checks;
    for (const Check& check : gateway.doctor())
        checks.push_back({{"check", to_json(check.name)},
                          {"ok", check.ok},
                          {"detail", to_json(check.detail)},
                          {"cure", text_or_null(check.cure)}});
    return checks;
}

Answer detach(const Gateway& gateway, const Call& call) {
    ipc::Members members(call.body);
    const bool confirmed = members.boolean("confirm");
    TRY(members.finish());
    if (!confirmed)
        return fail(ErrorCode::invalid, "member \"confirm\" is not true",
                    "detaching opens the gate to everybody; confirm it");
    TRY_ASSIGN(const std::vector<std::string> freed, gateway.detach());
    json::array names;
    for (const std::string& name : freed)
        names.push_back(to_json(name));
    return json::object{{"detached", std::move(names)}};
}

}  // namespace

Endpoints gateway_routes(Gateway gateway, const SessionManager& sessions, const ClientViews& views,
                         const Gate& gate, const Clock& clock) {
    const auto end = gateway.end;
    const auto shared = std::make_shared<const Gateway>(std::move(gateway));
    return {
        {.method = "GET",
         .path = "/v1/status",
         .call = Immediate([shared, &sessions, &views, &gate, &clock](const Call&) {
             return status(*shared, sessions, views, gate, clock);
         })},
        {.method = "GET", .path = "/v1/doctor", .call = Immediate([shared](const Call&) {
                                                    return examine(*shared);
                                                })},
        {.method = "POST",
         .path = "/v1/detach",
         .call = Final{[shared](const Call& call) { return detach(*shared, call); }, end},
         .body = Endpoint::Body::required},
    };
}

}  // namespace portal::control::api
