#include "control/api/policy_routes.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "config/rate.h"
#include "control/api/json_text.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

json::value seconds_or_null(const std::optional<Seconds>& value) {
    if (!value) return nullptr;
    return json::value(value->count());
}

json::array vlans_of(const Policy& policy) {
    json::array array;
    for (const VlanRange& range : policy.vlans)
        array.push_back(to_json(range.to_string()));
    return array;
}

// The methods whose lists name it.
json::array methods_of(const config::MethodPolicies& lists, const std::string& policy) {
    json::array array;
    for (const config::SignInMethod method : config::kSignInMethods)
        if (std::ranges::find(lists.of(method), policy) != lists.of(method).end())
            array.push_back(to_json(config::to_string(method)));
    return array;
}

Answer list(const config::Config& config, const SessionManager& sessions) {
    TRY_ASSIGN(const auto counts, sessions.count_by_policy());
    json::array array;
    for (const auto& [name, policy] : config.policies) {
        const auto count = counts.find(name);
        array.push_back(
            {{"name", to_json(name)},
             {"down", to_json(config::format_rate(policy.limits.down))},
             {"up", to_json(config::format_rate(policy.limits.up))},
             {"quota", to_json(config::format_byte_size(policy.limits.quota))},
             {"timeout_s", seconds_or_null(policy.timeout)},
             {"idle_timeout_s", seconds_or_null(policy.idle_timeout)},
             {"devices", policy.devices},
             {"vlans", vlans_of(policy)},
             {"hours", policy.hours ? to_json(policy.hours->to_string()) : json::value(nullptr)},
             {"methods", methods_of(config.sign_in.policies, name)},
             {"sessions", count == counts.end() ? std::size_t{0} : count->second}});
    }
    return array;
}

}  // namespace

Endpoints policy_routes(std::function<const config::Config&()> running,
                        const SessionManager& sessions) {
    return {
        {.method = "GET",
         .path = "/v1/policies",
         .call = Immediate([running = std::move(running), &sessions](const Call&) {
             return list(running(), sessions);
         })},
    };
}

}  // namespace portal::control::api
