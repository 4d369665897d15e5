// garden: what strangers may reach.
#include <boost/json/array.hpp>

#include "domain/garden_name.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

std::string place(const json::object& entry) {
    const std::string prefix = text(entry, "prefix");
    return prefix == "-" ? text(entry, "name") : prefix;
}

// "203.0.113.80 (4m59s), 2001:db8::80 (12m)": addresses, and how long they stay open.
std::string learnt(const json::object& entry) {
    const json::value* list = entry.if_contains("learnt");
    if (!list || !list->is_array() || list->get_array().empty()) return "-";
    std::string cell;
    for (const json::value& item : list->get_array()) {
        if (!item.is_object()) continue;
        if (!cell.empty()) cell += ", ";
        cell +=
            text(item.get_object(), "address") + " (" + span(item.get_object(), "lapses_at") + ")";
    }
    return cell;
}

constexpr Column kColumns[] = {
    {"PLACE", place},
    {"PORT", of<text, "port">, Column::Align::right},
    {"PROTOCOL", of<text, "protocol">},
    {"SOURCE", of<text, "source">},
    {"LEARNT", learnt},
};

constexpr Column kRecord[] = {
    {"place", place},
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
    const std::string& given = invocation.arguments[0];
    json::object rule{{is_meant_as_name(given) ? "name" : "prefix", given}};
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

constexpr Argument kDestination[] = {{"PREFIX|NAME"}};
constexpr Option kPort[] = {{"--port", "N/PROTO", "one port alone, such as 443/tcp or 853/udp"}};

constexpr Command kCommands[] = {
    {"show", "Show what is open.", show},
    {"add", "Open a prefix or what a name leads to, or one port of it.", add, kDestination, kPort},
    {"delete", "Close what was added; give it as it was added.", remove, kDestination, kPort},
};

}  // namespace

const Object kGarden{"garden", "the walled garden: what strangers may reach", kCommands};

}  // namespace portal::portalctl
