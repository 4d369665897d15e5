// The one table of what portald.toml may say. Reading, refusing, showing and reloading follow it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "config/config.h"
#include "config/diagnostics.h"
#include "config/document.h"
#include "config/settings.h"

namespace portal::config {

// A key of a section of `Owner`: Config, or the Policy that a [policies.NAME] is.
template <typename Owner>
struct Key {
    std::string_view section;
    std::string_view name;
    Reload reload;
    std::optional<Fault> (*decode)(const Node& node, Owner& owner);
    Value (*encode)(const Owner& owner);
    void (*copy)(const Owner& from, Owner& to);
};

inline constexpr std::string_view kPolicies = "policies";

std::span<const Key<Config>> config_keys();
std::span<const Key<Policy>> policy_keys();  // their section is kPolicies

}  // namespace portal::config
