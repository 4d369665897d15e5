#include "control/api/garden_routes.h"

#include <boost/json/array.hpp>
#include <string>

#include "control/api/json_text.h"
#include "ipc/members.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestText = 256;  // a name of RFC 1035, a wildcard of it, a dot

json::value learnt_of(const Garden::Entry& entry) {
    json::array learnt;
    for (const auto& [address, lapses_at] : entry.learnt)
        learnt.push_back(
            {{"address", to_json(address.to_string())}, {"lapses_at", to_json(lapses_at)}});
    return learnt;
}

json::value entry_of(const Garden::Entry& entry) {
    const GardenRule& rule = entry.rule;
    json::value port;
    json::value protocol;
    if (rule.port) {
        port = rule.port->port;
        protocol = rule.port->protocol == Protocol::tcp ? "tcp" : "udp";
    }
    const json::value place = to_json(rule.place_text());
    return {{"prefix", rule.prefix() ? place : json::value()},
            {"name", rule.name() ? place : json::value()},
            {"port", std::move(port)},
            {"protocol", std::move(protocol)},
            {"source", entry.source == Garden::Source::config ? "config" : "operator"},
            {"learnt", learnt_of(entry)}};
}

Result<GardenRule> read_rule(const json::object& body) {
    ipc::Members members(body);
    const bool with_name = body.contains("name");
    const std::string place = members.text(with_name ? "name" : "prefix", kLongestText);
    const bool with_port = body.contains("port");
    const std::string port = with_port ? members.text("port", kLongestText) : std::string();
    TRY(members.finish());
    GardenRule rule;
    if (with_name) {
        TRY_ASSIGN(rule.place, parse_garden_name(place));
    } else {
        TRY_ASSIGN(rule.place, parse_garden_prefix(place));
    }
    if (with_port) {
        TRY_ASSIGN(rule.port, parse_port_rule(port));
    }
    return rule;
}

Answer list(const Garden& garden) {
    json::array entries;
    for (const Garden::Entry& entry : garden.list())
        entries.push_back(entry_of(entry));
    return entries;
}

Immediate change(Garden& garden, Status (Garden::*how)(const GardenRule&)) {
    return [&garden, how](const Call& call) -> Answer {
        TRY_ASSIGN(const GardenRule rule, read_rule(call.body));
        TRY((garden.*how)(rule));
        return entry_of({rule, Garden::Source::added});
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
