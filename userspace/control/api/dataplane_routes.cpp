#include "control/api/dataplane_routes.h"

#include <boost/json/array.hpp>

#include "control/api/json_text.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

Answer stats(const Gate& gate) {
    TRY_ASSIGN(const std::vector<dataplane::Verdict> verdicts, gate.verdicts());
    json::array array;
    for (const auto& verdict : verdicts)
        array.push_back({{"reason", to_json(verdict.reason)},
                         {"action", verdict.passes ? "pass" : "drop"},
                         {"description", to_json(verdict.description)},
                         {"packets", verdict.packets},
                         {"bytes", verdict.bytes}});
    return array;
}

Answer programs(const Gate& gate, const std::vector<std::string>& interfaces) {
    json::array array;
    for (const std::string& interface : interfaces)
        for (const auto& hook : gate.hooks(interface))
            array.push_back({{"interface", to_json(hook.interface)},
                             {"hook", to_json(to_string(hook.hook))},
                             {"program", to_json(hook.program)},
                             {"attached", hook.attached},
                             {"mode", text_or_null(hook.mode)},
                             {"program_id", number_or_null(hook.program_id)},
                             {"link_id", number_or_null(hook.link_id)},
                             {"run_count", number_or_null(hook.run_count)},
                             {"run_time_ns", number_or_null(hook.run_time_ns)},
                             {"detail", text_or_null(hook.detail)}});
    return array;
}

Answer features(const Gate& gate, const std::vector<std::string>& interfaces) {
    json::array array;
    for (const auto& feature : gate.features(interfaces))
        array.push_back({{"feature", to_json(feature.name)},
                         {"available", feature.available},
                         {"detail", text_or_null(feature.detail)}});
    return array;
}

}  // namespace

Endpoints dataplane_routes(const Gate& gate, std::vector<std::string> client_interfaces) {
    return {
        {.method = "GET", .path = "/v1/stats", .call = Immediate([&gate](const Call&) {
                                                   return stats(gate);
                                               })},
        {.method = "GET",
         .path = "/v1/programs",
         .call = Immediate([&gate, client_interfaces](const Call&) {
             return programs(gate, client_interfaces);
         })},
        {.method = "GET",
         .path = "/v1/features",
         .call = Immediate([&gate, client_interfaces](const Call&) {
             return features(gate, client_interfaces);
         })},
    };
}

}  // namespace portal::control::api
