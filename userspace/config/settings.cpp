#include "config/settings.h"

#include <algorithm>

#include "config/keys.h"

namespace portal::config {

std::vector<Setting> settings(const Config& config) {
    std::vector<Setting> list;
    for (const auto& key : config_keys())
        list.emplace_back(std::string(key.section), std::string(key.name), key.encode(config),
                          key.reload);
    for (const auto& [name, policy] : config.policies)
        for (const auto& key : policy_keys())
            list.emplace_back(std::string(key.section) + "." + name, std::string(key.name),
                              key.encode(policy), key.reload);
    return list;
}

std::vector<KnownKey> known_keys() {
    std::vector<KnownKey> list;
    for (const auto& key : config_keys())
        list.emplace_back(std::string(key.section), std::string(key.name), key.reload);
    for (const auto& key : policy_keys())
        list.emplace_back(std::string(key.section) + ".NAME", std::string(key.name), key.reload);
    return list;
}

ReloadResult reload(const Config& running, const Config& loaded) {
    ReloadResult result{running, {}, {}, {}};
    for (const auto& key : config_keys()) {
        if (key.encode(running) == key.encode(loaded)) continue;
        if (key.reload == Reload::live) key.copy(loaded, result.config);
        auto& list = key.reload == Reload::live ? result.applied : result.needs_restart;
        list.push_back(std::string(key.section) + "." + std::string(key.name));
    }
    // A policy that comes or goes changes as a whole, one that stays by key. All is live.
    result.config.policies = loaded.policies;
    const auto changed = [&](const std::string& name) {
        const auto before = running.policies.find(name);
        const auto after = loaded.policies.find(name);
        const std::string section = std::string(kPolicies) + "." + name;
        if (before == running.policies.end() || after == loaded.policies.end()) {
            result.applied.push_back(section);
            return;
        }
        for (const auto& key : policy_keys())
            if (key.encode(before->second) != key.encode(after->second))
                result.applied.push_back(section + "." + std::string(key.name));
    };
    for (const auto& [name, policy] : running.policies)
        changed(name);
    for (const auto& [name, policy] : loaded.policies)
        if (!running.policies.contains(name)) changed(name);
    return result;
}

}  // namespace portal::config
