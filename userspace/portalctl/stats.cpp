// stats: what the gate decided, and why.
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

constexpr Column kColumns[] = {
    {"REASON", of<text, "reason">},
    {"ACTION", of<text, "action">},
    {"PACKETS", of<text, "packets">, Column::Align::right},
    {"BYTES", of<bytes, "bytes">, Column::Align::right},
    {"MEANING", of<text, "description">},
};

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array reasons, context.api.get_array("/v1/stats"));
    json::array occurred;
    for (const json::value& reason : reasons)
        if (reason.is_object() && number(reason.get_object(), "packets") != 0)
            occurred.push_back(reason);
    context.out.table(reasons, occurred, kColumns);
    return Exit::done;
}

constexpr Command kCommands[] = {
    {"show", "Show packets and bytes by reason; as JSON also the reasons that never occurred.",
     show},
};

}  // namespace

const Object kStats{"stats", "verdicts by reason", kCommands};

}  // namespace portal::portalctl
