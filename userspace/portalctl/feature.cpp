// feature: what this kernel and these interfaces can do.
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

constexpr Column kColumns[] = {
    {"FEATURE", of<text, "feature">},
    {"AVAILABLE", of<text, "available">},
    {"DETAIL", of<text, "detail">},
};

Outcome<Exit> probe(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array features, context.api.get_array("/v1/features"));
    context.out.table(features, kColumns);
    return Exit::done;
}

constexpr Command kCommands[] = {
    {"probe", "Show what this kernel and these interfaces can do.", probe},
};

}  // namespace

const Object kFeature{"feature", "what this kernel and these interfaces can do", kCommands};

}  // namespace portal::portalctl
