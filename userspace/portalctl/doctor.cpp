// doctor: what is wrong or will be, and the cure.
#include <algorithm>

#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

bool is_ok(const json::value& check) {
    const json::object* members = check.if_object();
    return members && truth(*members, "ok").value_or(false);
}

// "ok       routes    …", and under what is wrong its cure.
std::string report(const json::array& checks) {
    std::size_t width = 0;
    for (const json::value& check : checks)
        if (check.is_object()) width = std::max(width, text(check.get_object(), "check").size());
    std::string lines;
    for (const json::value& check : checks) {
        const json::object* members = check.if_object();
        if (!members) continue;
        std::string name = text(*members, "check");
        name.resize(width, ' ');
        lines += lines.empty() ? "" : "\n";
        lines +=
            (is_ok(check) ? "ok       " : "PROBLEM  ") + name + "  " + text(*members, "detail");
        const std::string cure = text(*members, "cure");
        if (!is_ok(check) && cure != "-")
            lines += "\n" + std::string(9 + width + 2, ' ') + "cure: " + cure;
    }
    return lines;
}

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array checks, context.api.get_array("/v1/doctor"));
    context.out.answer(checks, report(checks));
    return std::ranges::all_of(checks, is_ok) ? Exit::done : Exit::failed;
}

constexpr Command kCommands[] = {
    {"show", "Check the gateway; exit with 1 if anything is wrong.", show},
};

}  // namespace

const Object kDoctor{"doctor", "what is wrong or will be, and the cure", kCommands};

}  // namespace portal::portalctl
