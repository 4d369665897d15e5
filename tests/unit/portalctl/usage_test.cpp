#include "portalctl/usage.h"

#include <gmock/gmock.h>

#include "portalctl.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

using testing::HasSubstr;

TEST(Usage, SynopsisSaysWhatACommandTakes) {
    EXPECT_EQ(synopsis(kClient, *kClient.find("show")), "client {show | list} [MAC|IP]");
    EXPECT_EQ(synopsis(kClient, *kClient.find("authorize")),
              "client authorize MAC [--timeout DURATION] [--policy NAME] [--user NAME]");
    EXPECT_EQ(synopsis(kDetach, kDetach.commands.front()), "detach [--yes]");
}

TEST(Usage, NamesEverythingOfTheTable) {
    const std::string whole = usage(objects());
    for (const Option& option : kGlobalOptions) {
        EXPECT_THAT(whole,
                    HasSubstr(std::string{'-', option.letter} + ", " + std::string(option.name)));
    }
    for (const Object* object : objects()) {
        EXPECT_THAT(whole, HasSubstr("  " + std::string(object->name) + " "));
        const std::string help = usage(*object);
        for (const Command& command : object->commands) {
            EXPECT_THAT(help, HasSubstr(synopsis(*object, command) + "\n"));
            EXPECT_THAT(help, HasSubstr(std::string(command.about)));
            for (const Option& option : command.options)
                EXPECT_THAT(help, HasSubstr(std::string(option.about)));
        }
    }
}

TEST(Usage, HelpGoesToStandardOutput) {
    const auto ended = test::run_child({PORTALCTL, "user", "help"});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output, usage(kUser));
    EXPECT_EQ(ended.error, "");
}

TEST(Usage, HelpAndVersionAreJsonWhereAsked) {
    const auto help = test::run_child({PORTALCTL, "-j", "help"});
    EXPECT_EQ(test::parse_json(help.output).at("usage").as_string(), usage(objects()));
    const auto version = test::run_child({PORTALCTL, "-jV"});
    EXPECT_TRUE(test::parse_json(version.output).at("version").is_string());
}

}  // namespace portal::portalctl
