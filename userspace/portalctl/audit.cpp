// audit: who signed in, how, and with what outcome.
#include "portalctl/api_client.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

constexpr auto kRight = Column::Align::right;

constexpr Column kColumns[] = {
    {"TIME", of<text, "time">},
    {"CLIENT", client_id},
    {"IP", of<text, "ip">},
    {"INTERFACE", of<text, "interface">},
    {"METHOD", of<text, "method">},
    {"USER", of<text, "user">},
    {"OUTCOME", of<text, "outcome">},
    {"FAILURES", of<text, "attempts">, kRight},
    {"COUNT", of<text, "count">, kRight},
    {"DETAIL", of<text, "detail">},
};

Outcome<Exit> show(Context& context, const Invocation& invocation) {
    std::string path = "/v1/audit";
    for (const auto& [option, value] : invocation.options) {
        path += path.contains('?') ? '&' : '?';
        path += std::string(option.substr(2)) + "=" + ApiClient::segment(value);
    }
    TRY_ASSIGN(const json::array records, context.api.get_array(path));
    context.out.table(records, kColumns);
    return Exit::done;
}

constexpr Option kFilter[] = {
    {"--client", "MAC", "only this client's"},
    {"--user", "NAME", "only this user's, or this voucher's"},
    {"--since", "DURATION", "only the last, such as 24h"},
    {"--limit", "N", "at most so many, 100 by default"},
};

constexpr Command kCommands[] = {
    {"show",
     "Show sign-in attempts and what operators did to clients, newest first.",
     show,
     {},
     kFilter},
};

}  // namespace

const Object kAudit{"audit", "who signed in, how, and with what outcome", kCommands};

}  // namespace portal::portalctl
