// client: who is at the gate.
#include "portalctl/api_client.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

constexpr auto kRight = Column::Align::right;

constexpr Column kTable[] = {
    {"MAC", client_id},
    {"STATE", of<text, "state">},
    {"IP", of<first, "ip">},
    {"USER", of<text, "user">},
    {"METHOD", of<text, "method">},
    {"LEFT", of<span, "expires_at">, kRight},
    {"RX", of<bytes, "rx_bytes">, kRight},
    {"TX", of<bytes, "tx_bytes">, kRight},
    {"SEEN", of<span, "last_seen">, kRight},
    {"INTERFACE", of<text, "interface">},
};

constexpr Column kRecord[] = {
    {"mac", of<text, "mac">},
    {"vlan", of<text, "vlan">},
    {"state", of<text, "state">},
    {"ip", of<text, "ip">},
    {"user", of<text, "user">},
    {"method", of<text, "method">},
    {"policy", of<text, "policy">},
    {"signed_in_at", of<time, "signed_in_at">},
    {"expires_at", of<time, "expires_at">},
    {"idle_timeout", of<seconds, "idle_timeout_s">},
    {"rx_bytes", of<bytes, "rx_bytes">},
    {"rx_packets", of<text, "rx_packets">},
    {"tx_bytes", of<bytes, "tx_bytes">},
    {"tx_packets", of<text, "tx_packets">},
    {"last_seen", of<time, "last_seen">},
    {"interface", of<text, "interface">},
};

std::string path_of(const std::string& client, std::string_view verb = {}) {
    return "/v1/clients/" + ApiClient::segment(client) + std::string(verb);
}

Outcome<Exit> show(Context& context, const Invocation& invocation) {
    if (const std::string* client = invocation.argument(0)) {
        TRY_ASSIGN(const json::array found, context.api.get_array(path_of(*client)));
        context.out.records(found, kRecord);
    } else {
        TRY_ASSIGN(const json::array all, context.api.get_array("/v1/clients"));
        context.out.table(all, kTable);
    }
    return Exit::done;
}

Outcome<Exit> authorize(Context& context, const Invocation& invocation) {
    json::object body;
    for (const auto& [option, value] : invocation.options)
        body[option.substr(2)] = value;
    TRY_ASSIGN(const json::object client,
               context.api.post(path_of(invocation.arguments[0], "/authorize"), body));
    context.out.record(client, kRecord);
    return Exit::done;
}

Outcome<Exit> change(Context& context, const Invocation& invocation) {
    const std::string verb = "/" + std::string(invocation.command->name);
    TRY_ASSIGN(const json::object client, context.api.post(path_of(invocation.arguments[0], verb)));
    context.out.record(client, kRecord);
    return Exit::done;
}

constexpr Argument kClientOrAddress[] = {{"MAC|IP", false, Completes::clients}};
constexpr Argument kOneClient[] = {{"MAC", true, Completes::clients}};
constexpr Option kSession[] = {
    {"--timeout", "DURATION", "how long, such as 8h; by default as the policy or [session] has it"},
    {"--policy", "NAME", "a policy of the configuration; by default \"default\", or as it is"},
    {"--user", "NAME", "whose session it is, for the record"},
};

constexpr Command kCommands[] = {
    {"show", "Show every client, or those that have the MAC or IP address.", show,
     kClientOrAddress},
    {"authorize", "Sign a client in, also before it has come; renew it if it is signed in.",
     authorize, kOneClient, kSession},
    {"deauthorize", "End a client's session.", change, kOneClient},
    {"block", "Let nothing of a client through, not even to the portal.", change, kOneClient},
    {"unblock", "Make a blocked client a stranger again.", change, kOneClient},
    {"trust", "Let a client through without signing in.", change, kOneClient},
    {"untrust", "Make a trusted client a stranger again.", change, kOneClient},
};

}  // namespace

const Object kClient{"client", "who is at the gate; MAC may be MAC@VLAN", kCommands};

}  // namespace portal::portalctl
