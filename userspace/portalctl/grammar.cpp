#include "portalctl/grammar.h"

namespace portal::portalctl {

const Command* Object::find(std::string_view word) const {
    for (const Command& command : commands)
        if (command.answers_to(word)) return &command;
    return nullptr;
}

const Command* Object::default_command() const {
    if (const Command* show = find("show")) return show;
    const Command& only = commands.front();
    const bool needs_nothing = only.arguments.empty() || !only.arguments.front().required;
    return commands.size() == 1 && needs_nothing ? &only : nullptr;
}

}  // namespace portal::portalctl
