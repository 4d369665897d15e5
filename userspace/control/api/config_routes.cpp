#include "control/api/config_routes.h"

#include <boost/json/array.hpp>
#include <variant>

#include "control/api/json_text.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

json::array to_array(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts)
        array.push_back(to_json(text));
    return array;
}

struct ToJson {
    json::value operator()(bool value) const { return value; }
    json::value operator()(std::int64_t value) const { return value; }
    json::value operator()(const std::string& value) const { return to_json(value); }
    json::value operator()(const std::vector<std::string>& value) const { return to_array(value); }
};

// The object that a section's dots lead to: "policies.default" is within "policies".
json::object& section_of(json::object& root, std::string_view section) {
    const std::string_view first = section.substr(0, section.find('.'));
    json::value& value = root[json::string_view(first.data(), first.size())];
    if (!value.is_object()) value.emplace_object();
    if (first.size() == section.size()) return value.get_object();
    return section_of(value.get_object(), section.substr(first.size() + 1));
}

Answer show(const config::Config& config) {
    json::object root;
    for (const config::Setting& setting : config::settings(config))
        section_of(root, setting.section)[setting.name] = std::visit(ToJson{}, setting.value);
    return root;
}

}  // namespace

Endpoints config_routes(ConfigAccess access) {
    const auto reload = [reload = std::move(access.reload)](const Call&) -> Answer {
        TRY_ASSIGN(const config::ReloadResult result, reload());
        return json::object{{"applied", to_array(result.applied)},
                            {"needs_restart", to_array(result.needs_restart)},
                            {"warnings", to_array(result.warnings)}};
    };
    const auto running = std::move(access.running);
    return {
        {.method = "GET", .path = "/v1/config", .call = Immediate([running](const Call&) {
                                                    return show(running());
                                                })},
        {.method = "POST", .path = "/v1/config/reload", .call = Immediate(reload)},
    };
}

}  // namespace portal::control::api
