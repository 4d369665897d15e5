// The configuration file that is installed, held against the table of keys.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "config/load.h"
#include "config/settings.h"

namespace portal::config {
namespace {

using testing::HasSubstr;

std::string default_file() {
    std::ostringstream text;
    text << std::ifstream(PORTAL_DEFAULT_FILE).rdbuf();
    return text.str();
}

// A key stands as "#key = default"; prose has a blank after the "#".
std::string with_every_key(const std::string& text) {
    return std::regex_replace(text, std::regex("(^|\n)#([a-z_-]+ = )"), "$1$2");
}

Config defaults() {
    Config config;
    config.gateway.client_interfaces = {"eth1"};
    return config;
}

TEST(DefaultFile, GivesTheDefaults) {
    EXPECT_EQ(load_file(PORTAL_DEFAULT_FILE).value(), defaults());
}

TEST(DefaultFile, NamesEveryDefaultRightly) {
    const auto config = parse(with_every_key(default_file()), "portald.toml");
    ASSERT_TRUE(config) << config.error().what;
    EXPECT_EQ(*config, defaults());
}

TEST(DefaultFile, NamesEveryKey) {
    // A section runs to the next line that starts with '['.
    const std::string text = with_every_key(default_file());
    for (const KnownKey& key : known_keys()) {
        const bool policy = key.section == "policies.NAME";
        const std::string header =
            "\n[" + (policy ? std::string("policies.default") : key.section) + "]\n";
        const std::size_t begin = text.find(header);
        ASSERT_NE(begin, std::string::npos) << header;
        const std::size_t end = text.find("\n[", begin + 1);
        EXPECT_THAT(text.substr(begin, end - begin), HasSubstr("\n" + key.name + " = "));
    }
}

}  // namespace
}  // namespace portal::config
