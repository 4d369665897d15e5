// policy: what a session is allowed.
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

constexpr Column kColumns[] = {
    {"NAME", of<text, "name">},
    {"DOWN", of<text, "down">, Column::Align::right},
    {"UP", of<text, "up">, Column::Align::right},
    {"QUOTA", of<text, "quota">, Column::Align::right},
};

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array policies, context.api.get_array("/v1/policies"));
    context.out.table(policies, kColumns);
    return Exit::done;
}

constexpr Command kCommands[] = {
    {"show", "Show the policies; 0 is unlimited.", show},
};

}  // namespace

const Object kPolicy{"policy", "what a session is allowed", kCommands};

}  // namespace portal::portalctl
