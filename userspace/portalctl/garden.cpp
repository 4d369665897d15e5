// garden: what strangers may reach.
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

constexpr Column kColumns[] = {
    {"PREFIX", of<text, "prefix">},
    {"PORT", of<text, "port">, Column::Align::right},
    {"PROTOCOL", of<text, "protocol">},
    {"SOURCE", of<text, "source">},
};

constexpr Column kRecord[] = {
    {"prefix", of<text, "prefix">},
    {"port", of<text, "port">},
    {"protocol", of<text, "protocol">},
    {"source", of<text, "source">},
};

constexpr std::string_view kPath = "/v1/garden";

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array entries, context.api.get_array(kPath));
    context.out.table(entries, kColumns);
    return Exit::done;
}

json::object rule_of(const Invocation& invocation) {
    json::object rule{{"prefix", invocation.arguments[0]}};
    if (const std::string* port = invocation.option("--port")) rule["port"] = *port;
    return rule;
}

Outcome<Exit> add(Context& context, const Invocation& invocation) {
    TRY_ASSIGN(const json::object entry, context.api.post(kPath, rule_of(invocation)));
    context.out.record(entry, kRecord);
    return Exit::done;
}

Outcome<Exit> remove(Context& context, const Invocation& invocation) {
    TRY_ASSIGN(const json::object entry, context.api.remove(kPath, rule_of(invocation)));
    context.out.record(entry, kRecord);
    return Exit::done;
}

constexpr Argument kDestination[] = {{"PREFIX"}};
constexpr Option kPort[] = {{"--port", "N/PROTO", "one port alone, such as 443/tcp or 853/udp"}};

constexpr Command kCommands[] = {
    {"show", "Show what is open.", show},
    {"add", "Open a prefix, or one port of it.", add, kDestination, kPort},
    {"delete", "Close what was added; give it as it was added.", remove, kDestination, kPort},
};

}  // namespace

const Object kGarden{"garden", "the walled garden: what strangers may reach", kCommands};

}  // namespace portal::portalctl
