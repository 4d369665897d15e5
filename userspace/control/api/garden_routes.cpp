#include "control/api/garden_routes.h"

#include <boost/json/array.hpp>
#include <string>

#include "control/api/json_text.h"
#include "ipc/members.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestText = 128;

json::value entry_of(const GardenRule& rule, Garden::Source source) {
    json::value port;
    json::value protocol;
    if (rule.port) {
        port = rule.port->port;
        protocol = rule.port->protocol == Protocol::tcp ? "tcp" : "udp";
    }
    return {{"prefix", to_json(rule.prefix.to_string())},
            {"port", std::move(port)},
            {"protocol", std::move(protocol)},
            {"source", source == Garden::Source::config ? "config" : "operator"}};
}

Result<GardenRule> read_rule(const json::object& body) {
    ipc::Members members(body);
    const std::string prefix = members.text("prefix", kLongestText);
    const bool with_port = body.contains("port");
    const std::string port = with_port ? members.text("port", kLongestText) : std::string();
    TRY(members.finish());
    GardenRule rule;
    TRY_ASSIGN(rule.prefix, parse_garden_prefix(prefix));
    if (with_port) {
        TRY_ASSIGN(rule.port, parse_port_rule(port));
    }
    return rule;
}

Answer list(const Garden& garden) {
    json::array entries;
    for (const Garden::Entry& entry : garden.list())
        entries.push_back(entry_of(entry.rule, entry.source));
    return entries;
}

Immediate change(Garden& garden, Status (Garden::*how)(const GardenRule&)) {
    return [&garden, how](const Call& call) -> Answer {
        TRY_ASSIGN(const GardenRule rule, read_rule(call.body));
        TRY((garden.*how)(rule));
        return entry_of(rule, Garden::Source::added);
    };
}

}  // namespace

Endpoints garden_routes(Garden& garden) {
    return {
        {.method = "GET", .path = "/v1/garden", .call = Immediate([&garden](const Call&) {
                                                    return list(garden);
                                                })},
        {.method = "POST",
         .path = "/v1/garden",
         .call = change(garden, &Garden::add),
         .body = Endpoint::Body::required},
        {.method = "DELETE",
         .path = "/v1/garden",
         .call = change(garden, &Garden::erase),
         .body = Endpoint::Body::required},
    };
}

}  // namespace portal::control::api
