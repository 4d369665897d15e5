// prog: the dataplane's programs.
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"
#include "portalctl/units.h"

namespace portal::portalctl {

namespace {

std::string attached(const json::object& program) {
    return truth(program, "attached").value_or(false) ? "yes" : "DETACHED";
}

std::string time_per_run(const json::object& program) {
    const auto runs = number(program, "run_count");
    const auto total = number(program, "run_time_ns");
    if (runs.value_or(0) == 0 || !total) return "-";
    return human_nanoseconds(static_cast<double>(*total) / static_cast<double>(*runs));
}

constexpr auto kRight = Column::Align::right;

constexpr Column kColumns[] = {
    {"INTERFACE", of<text, "interface">},
    {"HOOK", of<text, "hook">},
    {"PROGRAM", of<text, "program">},
    {"ATTACHED", attached},
    {"MODE", of<text, "mode">},
    {"ID", of<text, "program_id">, kRight},
    {"LINK", of<text, "link_id">, kRight},
    {"RUNS", of<text, "run_count">, kRight},
    {"TIME/RUN", time_per_run, kRight},
    {"DETAIL", of<text, "detail">},
};

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array programs, context.api.get_array("/v1/programs"));
    context.out.table(programs, kColumns);
    return Exit::done;
}

constexpr Command kCommands[] = {
    {"show", "Show what is attached where, how, and what another tool has detached.", show},
};

}  // namespace

const Object kProg{"prog", "the dataplane's programs", kCommands};

}  // namespace portal::portalctl
