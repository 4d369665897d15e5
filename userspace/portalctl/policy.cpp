// policy: who gets how much.
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
    {"TIME", of<seconds, "timeout_s">, Column::Align::right},
    {"IDLE", of<seconds, "idle_timeout_s">, Column::Align::right},
    {"DEVICES", of<text, "devices">, Column::Align::right},
    {"VLANS", of<text, "vlans">},
    {"HOURS", of<text, "hours">},
    {"METHODS", of<text, "methods">},
    {"SESSIONS", of<text, "sessions">, Column::Align::right},
};

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array policies, context.api.get_array("/v1/policies"));
    context.out.table(policies, kColumns);
    return Exit::done;
}

constexpr Command kCommands[] = {
    {"show", "Show the policies and how many are signed in under each; 0 is unlimited.", show},
};

}  // namespace

const Object kPolicy{"policy", "who gets how much", kCommands};

}  // namespace portal::portalctl
