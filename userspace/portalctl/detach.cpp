// detach: take the gate away.
#include "base/text.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

Outcome<void> confirm(Context& context) {
    if (!context.in.is_terminal())
        return stop(Exit::failed, "detach opens the gate and was not confirmed",
                    "add --yes to do it without being asked");
    context.out.prompt(
        "This opens the gate: everybody passes without signing in until portald starts again.\n"
        "Type \"yes\" to go on: ");
    TRY_ASSIGN(const auto answer, context.in.next());
    if (!answer || trimmed(*answer) != "yes")
        return stop(Exit::failed, "detach was not confirmed; the gate stays");
    return {};
}

Outcome<Exit> detach(Context& context, const Invocation& invocation) {
    if (!invocation.option("--yes")) TRY(confirm(context));
    TRY_ASSIGN(const json::object result, context.api.post("/v1/detach", {{"confirm", true}}));
    context.out.answer(result, "detached from " + text(result, "detached") +
                                   "; the gate is open until portald starts again");
    return Exit::done;
}

constexpr Option kYes[] = {{"--yes", "", "do not ask"}};

constexpr Command kCommands[] = {
    {.name = "",
     .about = "Take the gate away and end portald: everybody passes. Asks first.",
     .run = detach,
     .options = kYes,
     .in_batch = false},
};

}  // namespace

const Object kDetach{"detach", "take the gate away", kCommands};

}  // namespace portal::portalctl
