// The completion offers what the tables hold.
#include <gmock/gmock.h>

#include <sstream>

#include "portalctl.h"
#include "portalctl/objects.h"

namespace portal::portalctl::test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;
using Words = std::vector<std::string>;

namespace {

// What is offered at the end of `line`, as bash would ask.
Words complete(const std::string& line) {
    const Ended ended =
        run_child({"bash", "--norc", "-c",
                   "source " PORTAL_SOURCE_DIR "/packaging/bash-completion/portalctl || exit\n"
                   "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:@' COMP_LINE=$1 COMP_POINT=${#1}\n"
                   "_portalctl \"$2\" '' ''\n"
                   "((${#COMPREPLY[@]})) && printf '%s\\n' \"${COMPREPLY[@]}\" || true",
                   "bash", line, PORTALCTL});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.error, "");
    Words words;
    std::istringstream lines(ended.output);
    for (std::string word; std::getline(lines, word);)
        words.push_back(word);
    return words;
}

Words global_options() {
    Words options;
    for (const Option& option : kGlobalOptions) {
        options.push_back(std::string{'-', option.letter});
        options.emplace_back(option.name);
    }
    return options;
}

}  // namespace

TEST(Completion, OffersObjects) {
    Words names{"help"};
    for (const Object* object : objects())
        names.emplace_back(object->name);
    EXPECT_THAT(complete("portalctl "), UnorderedElementsAreArray(names));
    EXPECT_THAT(complete("portalctl --json -s /x "), UnorderedElementsAreArray(names));
    EXPECT_THAT(complete("portalctl de"), ElementsAre("detach"));
}

TEST(Completion, OffersCommandsOfAnObject) {
    for (const Object* object : objects()) {
        Words names{"help"};
        for (const Command& command : object->commands) {
            if (!command.name.empty()) names.emplace_back(command.name);
            if (command.name == "show") names.emplace_back("list");
        }
        EXPECT_THAT(complete("portalctl " + std::string(object->name) + " "),
                    UnorderedElementsAreArray(names))
            << object->name;
    }
}

TEST(Completion, OffersOptionsOfACommand) {
    for (const Object* object : objects()) {
        for (const Command& command : object->commands) {
            Words options = global_options();
            for (const Option& option : command.options)
                options.emplace_back(option.name);
            const std::string line =
                "portalctl " + std::string(object->name) + " " + std::string(command.name);
            EXPECT_THAT(complete(line + " -"), UnorderedElementsAreArray(options)) << line;
        }
    }
}

TEST(Completion, OffersWhatAnArgumentIs) {
    Gateway gateway;
    const TemporaryDirectory directory;
    const std::string file = directory.file("only.toml", "");
    for (const Object* object : objects()) {
        for (const Command& command : object->commands) {
            const std::string line = "portalctl -s " + gateway.daemon().socket() + " " +
                                     std::string(object->name) + " " + std::string(command.name) +
                                     " ";
            const auto completes =
                command.arguments.empty() ? Completes::nothing : command.arguments[0].completes;
            if (completes == Completes::clients) {
                EXPECT_THAT(complete(line),
                            ElementsAre("02:00:00:00:00:01@100", "02:00:00:00:00:02"));
            } else if (completes == Completes::files) {
                EXPECT_THAT(complete(line + directory.path("on")), ElementsAre(file));
            } else if (!command.name.empty()) {
                EXPECT_THAT(complete(line), IsEmpty()) << line;
            }
        }
    }
}

TEST(Completion, GivesReadlineOnlyWhatFollowsItsLastBreak) {
    Gateway gateway;
    const std::string line = "portalctl --socket=" + gateway.daemon().socket() + " client block ";
    EXPECT_THAT(complete(line + "02:00:00:00:00:0"), ElementsAre("01@100", "02"));
    EXPECT_THAT(complete(line + "02:00:00:00:00:01@"), ElementsAre("100"));
    EXPECT_THAT(complete(line + "02:00:00:00:00:02 "), IsEmpty());
}

TEST(Completion, SaysNothingWithoutADaemon) {
    EXPECT_THAT(complete("portalctl -s /nonexistent client block "), IsEmpty());
}

}  // namespace portal::portalctl::test
