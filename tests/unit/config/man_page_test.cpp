// portald.toml(5), held against the table of keys.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace portal::config {
namespace {

// The lines on each key, by "section.key".
std::map<std::string, std::string> documented() {
    std::map<std::string, std::string> keys;
    std::ifstream page(PORTAL_MAN_PAGE);
    std::string section;
    std::string* text = nullptr;
    for (std::string line; std::getline(page, line);) {
        constexpr std::string_view item = ".It Cm ";
        if (line.starts_with(".Ss [")) {
            section = line.substr(5, line.find(']') - 5);
            text = nullptr;
        } else if (line.starts_with(".Sh ")) {
            section.clear();
            text = nullptr;
        } else if (!section.empty() && line.starts_with(item)) {
            text = &keys[section + "." + line.substr(item.size())];
        } else if (text != nullptr) {
            *text += line + "\n";
        }
    }
    return keys;
}

TEST(ManPage, HasEveryKeyAndNoOther) {
    auto keys = documented();
    for (const KnownKey& key : known_keys()) {
        const std::string dotted = key.section + "." + key.name;
        EXPECT_EQ(keys.erase(dotted), 1U) << dotted << " is not documented";
    }
    for (const auto& [key, text] : keys)
        ADD_FAILURE() << key << " is documented but unknown";
}

TEST(ManPage, MarksTheKeysThatAReloadApplies) {
    auto keys = documented();
    for (const KnownKey& key : known_keys()) {
        const std::string dotted = key.section + "." + key.name;
        EXPECT_EQ(keys[dotted].contains(".Em Live"), key.reload == Reload::live) << dotted;
    }
}

}  // namespace
}  // namespace portal::config
