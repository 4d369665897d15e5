#include "portalctl/usage.h"

#include <algorithm>

namespace portal::portalctl {

namespace {

std::string option_text(const Option& option) {
    std::string text(option.name);
    if (!option.value.empty()) text += " " + std::string(option.value);
    return text;
}

// "  NAME   about", names padded to `width`.
std::string entry(std::string name, std::size_t width, std::string_view about) {
    name.resize(std::max(width, name.size()), ' ');
    return "  " + name + "  " + std::string(about) + "\n";
}

std::string global_options() {
    std::string text = "Options:\n";
    for (const Option& option : kGlobalOptions)
        text += entry(std::string{'-', option.letter, ',', ' '} + option_text(option), 17,
                      option.about);
    return text;
}

}  // namespace

std::string synopsis(const Object& object, const Command& command) {
    std::string text(object.name);
    if (command.name == "show") {
        text += " {show | list}";
    } else if (!command.name.empty()) {
        text += " " + std::string(command.name);
    }
    for (const Argument& argument : command.arguments) {
        const std::string name = std::string(argument.name) + (argument.repeats ? " ..." : "");
        text += argument.required ? " " + name : " [" + name + "]";
    }
    for (const Option& option : command.options)
        text += " [" + option_text(option) + "]";
    return text;
}

std::string usage(std::span<const Object* const> objects) {
    std::string text =
        "Usage: portalctl [OPTIONS] OBJECT {COMMAND | help}\n"
        "\n"
        "Objects:\n";
    for (const Object* object : objects)
        text += entry(std::string(object->name), 8, object->about);
    return text + "\n" + global_options();
}

std::string usage(const Object& object) {
    std::string text = "Usage: portalctl [OPTIONS] COMMAND\n\nCommands:\n";
    for (const Command& command : object.commands) {
        text += "  " + synopsis(object, command) + "\n      " + std::string(command.about) + "\n";
        for (const Option& option : command.options)
            text += "      " + option_text(option) + ": " + std::string(option.about) + "\n";
    }
    return text + "\n" + global_options();
}

}  // namespace portal::portalctl
