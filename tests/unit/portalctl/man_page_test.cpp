// The man pages say what the tables say.
#include <gmock/gmock.h>

#include <algorithm>

#include "child.h"
#include "config/settings.h"
#include "portalctl/objects.h"
#include "portalctl/usage.h"

namespace portal::portalctl::test {

using testing::HasSubstr;

namespace {

constexpr std::string_view kPages[] = {"portalctl.8", "portald.8", "portal-responder.8",
                                       "portald.toml.5"};

Ended groff(std::string_view page) {
    return run_child({"groff", "-ww", "-mdoc", "-Tascii", "-P-cbou", "-rLL=1000n",
                      PORTAL_SOURCE_DIR "/docs/man/" + std::string(page)});
}

class ManPage : public testing::Test {
  protected:
    void SetUp() override {
        if (run_child({"sh", "-c", "command -v groff"}).status != 0)
            GTEST_SKIP() << "groff is not installed";
    }
};

}  // namespace

TEST_F(ManPage, IsWellFormed) {
    for (const std::string_view page : kPages) {
        const Ended ended = groff(page);
        EXPECT_EQ(ended.status, 0) << page;
        EXPECT_EQ(ended.error, "") << page;
        EXPECT_THAT(ended.output, HasSubstr("NAME\n")) << page;
    }
}

TEST_F(ManPage, OfPortalctlNamesEveryCommand) {
    const std::string page = groff("portalctl.8").output;
    for (const Object* object : objects()) {
        for (const Command& command : object->commands) {
            EXPECT_THAT(page, HasSubstr("\n     " + synopsis(*object, command) + "\n"));
            for (const Option& option : command.options)
                EXPECT_THAT(page, HasSubstr(std::string(option.name)));
        }
    }
    for (const Option& option : kGlobalOptions)
        EXPECT_THAT(page,
                    HasSubstr(std::string{'-', option.letter} + ", " + std::string(option.name)));
}

// As many entries as commands: none that the table has not.
TEST_F(ManPage, OfPortalctlNamesNoOtherCommand) {
    const std::string page = groff("portalctl.8").output;
    std::size_t commands = 0;
    for (const Object* object : objects())
        commands += object->commands.size();
    std::size_t entries = 0;
    for (std::size_t at = page.find("COMMANDS\n"); at < page.find("\nFILES");
         at = page.find("\n     ", at + 1)) {
        const std::string line = page.substr(at + 6, page.find('\n', at + 1) - at - 6);
        entries += static_cast<std::size_t>(std::ranges::any_of(objects(), [&](auto* object) {
            return line.starts_with(std::string(object->name) + " ") &&
                   !line.starts_with(std::string(object->name) + " of ");
        }));
    }
    EXPECT_EQ(entries, commands);
}

TEST_F(ManPage, OfTheConfigurationNamesEveryKey) {
    const std::string page = groff("portald.toml.5").output;
    for (const config::KnownKey& key : config::known_keys()) {
        const std::size_t section = page.find("   [" + key.section + "]\n");
        ASSERT_NE(section, std::string::npos) << key.section;
        const std::string keys = page.substr(section, page.find("\n   [", section) - section);
        const std::size_t at = keys.find("\n     " + key.name + "\n");
        const std::size_t on_one_line = keys.find("\n     " + key.name + "  ");
        const std::size_t entry = std::min(at, on_one_line);
        ASSERT_NE(entry, std::string::npos) << key.section << "." << key.name;
        const std::string text = keys.substr(entry, keys.find("\n\n", entry) - entry);
        EXPECT_EQ(text.find("Live") != std::string::npos, key.reload == config::Reload::live)
            << key.section << "." << key.name;
    }
}

}  // namespace portal::portalctl::test
