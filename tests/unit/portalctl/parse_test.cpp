#include "portalctl/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

using Words = std::vector<std::string>;
using Wish = Invocation::Wish;

Invocation parsed(const Words& words) {
    auto result = parse(objects(), words);
    EXPECT_TRUE(result) << result.error().what;
    return result ? *result : Invocation{};
}

std::string misuse(const Words& words, OptionSet options = OptionSet::all) {
    const auto result = parse(objects(), words, options);
    if (result) return "";
    EXPECT_EQ(result.error().exit, Exit::usage);
    EXPECT_FALSE(result.error().hint.empty());
    return result.error().what;
}

}  // namespace

TEST(Parse, FindsEveryCommandOfTheTable) {
    for (const Object* object : objects()) {
        for (const Command& command : object->commands) {
            Words words{std::string(object->name)};
            if (!command.name.empty()) words.emplace_back(command.name);
            for (const Argument& argument : command.arguments)
                words.emplace_back(argument.name);
            for (const Option& option : command.options) {
                words.emplace_back(option.name);
                if (!option.value.empty()) words.emplace_back(option.value);
            }
            const Invocation invocation = parsed(words);
            EXPECT_EQ(invocation.command, &command);
            EXPECT_EQ(invocation.arguments.size(), command.arguments.size());
            for (const Option& option : command.options)
                EXPECT_EQ(*invocation.option(option.name), option.value);
            words.emplace_back("more");
            if (!command.arguments.empty() && command.arguments.back().repeats)
                EXPECT_EQ(parsed(words).arguments.back(), "more");
            else
                EXPECT_EQ(misuse(words), "unexpected argument \"more\"");
        }
    }
}

TEST(Parse, TableIsWellFormed) {
    for (const Object* object : objects()) {
        EXPECT_FALSE(object->about.empty());
        for (const Command& command : object->commands) {
            EXPECT_TRUE(command.run);
            EXPECT_TRUE(command.about.ends_with('.')) << command.about;
            EXPECT_NE(command.name, "help");
            EXPECT_NE(command.name, "list");
            bool optional = false;
            for (const Argument& argument : command.arguments) {
                EXPECT_FALSE(optional && argument.required);
                EXPECT_TRUE(!argument.repeats || &argument == &command.arguments.back());
                optional = !argument.required;
            }
            for (const Option& option : command.options) {
                EXPECT_TRUE(option.name.starts_with("--"));
                for (const Option& global : kGlobalOptions)
                    EXPECT_NE(option.name, global.name);
            }
        }
    }
}

TEST(Parse, ListIsShow) {
    EXPECT_EQ(parsed({"client", "list"}).command, kClient.find("show"));
    EXPECT_EQ(kClient.find("list"), kClient.find("show"));
}

TEST(Parse, ObjectAloneIsShowOrItsOnlyCommand) {
    EXPECT_EQ(parsed({"client"}).command, kClient.find("show"));
    EXPECT_EQ(parsed({"doctor", "-j"}).command, kDoctor.find("show"));
    EXPECT_EQ(parsed({"feature"}).command, kFeature.find("probe"));
    EXPECT_EQ(parsed({"event"}).command, kEvent.find("monitor"));
    EXPECT_EQ(parsed({"detach"}).command, &kDetach.commands.front());
    EXPECT_EQ(misuse({"batch"}), "batch needs a command");
}

TEST(Parse, OptionsStandAnywhere) {
    for (const Words& words : {Words{"-j", "-s", "/x", "client", "block", "M"},
                               Words{"client", "block", "M", "--socket", "/x", "--json"},
                               Words{"client", "-j", "block", "--socket=/x", "M"},
                               Words{"-js/x", "client", "block", "M"}}) {
        const Invocation invocation = parsed(words);
        EXPECT_EQ(invocation.format, Format::json);
        EXPECT_EQ(invocation.socket, "/x");
        EXPECT_EQ(invocation.arguments, Words{"M"});
    }
}

TEST(Parse, PrettyImpliesJson) {
    EXPECT_EQ(parsed({"-p", "status"}).format, Format::pretty);
    EXPECT_EQ(parsed({"-pj", "status"}).format, Format::pretty);
    EXPECT_EQ(parsed({"-jp", "status"}).format, Format::pretty);
    EXPECT_EQ(parsed({"status"}).format, Format::plain);
}

TEST(Parse, DefaultSocket) {
    EXPECT_EQ(parsed({"status"}).socket, "/run/xdp-portal/portald.sock");
}

TEST(Parse, CommandOptions) {
    const Invocation invocation =
        parsed({"client", "authorize", "--timeout=8h", "M", "--user", "-odd-"});
    EXPECT_EQ(*invocation.option("--timeout"), "8h");
    EXPECT_EQ(*invocation.option("--user"), "-odd-");
    EXPECT_EQ(invocation.option("--policy"), nullptr);
    EXPECT_EQ(misuse({"client", "authorize", "M", "--timeout"}),
              "option --timeout needs a value, DURATION");
    EXPECT_EQ(misuse({"client", "authorize", "M", "--user", "a", "--user", "b"}),
              "option --user is given twice");
    EXPECT_EQ(misuse({"detach", "--yes=no"}), "option --yes takes no value");
}

TEST(Parse, DoubleDashEndsOptions) {
    EXPECT_EQ(parsed({"user", "delete", "--", "--json"}).arguments, Words{"--json"});
    EXPECT_EQ(parsed({"batch", "file", "-"}).arguments, Words{"-"});
}

TEST(Parse, NamesWhatIsUnknown) {
    EXPECT_EQ(misuse({}), "no object is given");
    EXPECT_EQ(misuse({"quota"}), "\"quota\" is not an object");
    EXPECT_EQ(misuse({"client", "shoot"}), "\"shoot\" is not a command of client");
    EXPECT_EQ(misuse({"client", "show", "--port", "1"}), "unknown option \"--port\"");
    EXPECT_EQ(misuse({"-x"}), "unknown option \"-x\"");
    EXPECT_EQ(misuse({"client", "block"}), "client block needs MAC");
    EXPECT_EQ(misuse({"\x1b[2J"}), "\"\\x1b[2J\" is not an object");
}

TEST(Parse, HelpAndVersionNeedNothingElse) {
    EXPECT_EQ(parsed({"help"}).wish, Wish::help);
    EXPECT_EQ(parsed({"-h"}).object, nullptr);
    EXPECT_EQ(parsed({"client", "help"}).object, &kClient);
    EXPECT_EQ(parsed({"client", "block", "--help"}).object, &kClient);
    EXPECT_EQ(parsed({"detach", "help"}).wish, Wish::help);
    EXPECT_EQ(parsed({"-V"}).wish, Wish::version);
}

TEST(Parse, BatchLinesHaveNoGlobalOptions) {
    EXPECT_EQ(misuse({"client", "-j"}, OptionSet::of_command), "unknown option \"-j\"");
    EXPECT_EQ(misuse({"client", "--socket", "x"}, OptionSet::of_command),
              "unknown option \"--socket\"");
    EXPECT_TRUE(
        parse(objects(), Words{"garden", "add", "x", "--port", "1"}, OptionSet::of_command));
}

TEST(Parse, RequestedFormatIsSeenThroughMisuse) {
    EXPECT_EQ(requested_format(Words{"bogus", "--json"}), Format::json);
    EXPECT_EQ(requested_format(Words{"bogus", "-Vp"}), Format::pretty);
    EXPECT_EQ(requested_format(Words{"bogus", "--", "-j"}), Format::plain);
    EXPECT_EQ(requested_format(Words{"-s/jp", "bogus"}), Format::plain);
}

}  // namespace portal::portalctl
