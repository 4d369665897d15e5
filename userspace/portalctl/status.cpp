// status: the daemon and its parts at a glance.
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

const json::object& part(const json::object& status, std::string_view member) {
    static const json::object kEmpty;
    const json::value* value = status.if_contains({member.data(), member.size()});
    const json::object* object = value ? value->if_object() : nullptr;
    return object ? *object : kEmpty;
}

// "eth1 native, eth2 NOT ATTACHED (no such device)"
std::string interfaces(const json::object& status) {
    const json::value* value = status.if_contains("interfaces");
    const json::array* list = value ? value->if_array() : nullptr;
    std::string shown;
    for (const json::value& item : list ? *list : json::array()) {
        const json::object* interface = item.if_object();
        if (!interface) continue;
        shown += (shown.empty() ? "" : ", ") + text(*interface, "name") + " ";
        shown += truth(*interface, "attached").value_or(false) ? text(*interface, "mode")
                                                               : "NOT ATTACHED";
        const std::string detail = text(*interface, "detail");
        if (detail != "-") shown += " (" + detail + ")";
    }
    return shown.empty() ? "-" : shown;
}

std::string responder(const json::object& status) {
    const json::object& process = part(status, "responder");
    const bool running = truth(process, "running").value_or(false);
    return (running ? "running, process " + text(process, "pid") : std::string("NOT RUNNING")) +
           ", restarts " + text(process, "restarts");
}

std::string portal_name(const json::object& status) {
    return text(part(status, "portal"), "name");
}

std::string login_url(const json::object& status) {
    return text(part(status, "portal"), "login_url");
}

std::string clients(const json::object& status) {
    const json::object& counts = part(status, "clients");
    std::string shown;
    for (const std::string_view state : {"authorized", "trusted", "blocked", "stranger"})
        shown += (shown.empty() ? "" : ", ") + text(counts, state) + " " + std::string(state);
    return shown + "; limit " + text(counts, "limit");
}

constexpr Column kRecord[] = {
    {"version", of<text, "version">},
    {"abi", of<text, "abi">},
    {"started_at", of<time, "started_at">},
    {"uptime", of<seconds, "uptime_s">},
    {"config", of<text, "config">},
    {"store", of<text, "store">},
    {"portal", portal_name},
    {"login_url", login_url},
    {"interfaces", interfaces},
    {"responder", responder},
    {"clients", clients},
};

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::object status, context.api.get_object("/v1/status"));
    context.out.record(status, kRecord);
    return Exit::done;
}

constexpr Command kCommands[] = {
    {"show", "Show the daemon, its interfaces, its responder and how many clients there are.",
     show},
};

}  // namespace

const Object kStatus{"status", "the daemon and its parts at a glance", kCommands};

}  // namespace portal::portalctl
