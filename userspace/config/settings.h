// A Config as a flat list of settings, for showing and comparing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"

namespace portal::config {

// A value as the file writes it: a duration is "8h", a garden rule "203.0.113.0/24".
using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

// Whether a reload applies a change while portald runs.
enum class Reload { live, restart };

struct Setting {
    std::string section;  // "session", "policies.default"
    std::string name;     // "timeout"; without a dot
    Value value;
    Reload reload;

    std::string key() const { return section + "." + name; }
    bool operator==(const Setting&) const = default;
};

// Every setting in the order of the documentation; policies sorted by name.
std::vector<Setting> settings(const Config& config);

// The keys a file may have, one of each; a policy's stand under "policies.NAME".
struct KnownKey {
    std::string section;
    std::string name;
    Reload reload;
};
std::vector<KnownKey> known_keys();

// The running configuration with what `loaded` changes and may be changed live, and the dotted
// keys of all changes, by whether that was done.
struct ReloadResult {
    Config config;
    std::vector<std::string> applied;
    std::vector<std::string> needs_restart;
    std::vector<std::string> warnings = {};  // of who applies it
};
ReloadResult reload(const Config& running, const Config& loaded);

}  // namespace portal::config
