// event: what happens at the gate, as it happens.
#include <algorithm>
#include <boost/json/parse.hpp>

#include "base/text.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/interrupt.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

// "2026-01-31T08:00:00Z  sign_in  02:00:00:00:00:01@100  ip 192.0.2.7  user alice"
std::string line_of(const json::object& event) {
    constexpr std::size_t kLongestType = 16;  // "program_detached"
    std::string type = text(event, "type");
    type.resize(std::max(type.size(), kLongestType), ' ');
    std::string line = text(event, "time") + "  " + type;
    if (text(event, "mac") != "-") line += "  " + client_id(event);
    for (const std::string_view member : {"ip", "interface", "user", "method", "detail"}) {
        const std::string value = text(event, member);
        if (value != "-") line += "  " + std::string(member) + " " + value;
    }
    if (const auto* lost = event.if_contains("lost"); lost != nullptr && lost->is_object()) {
        for (const auto& [which, count] : lost->get_object())
            line += "  " + value_text(count) + " " + printable(which);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

Outcome<Exit> monitor(Context& context, const Invocation&) {
    Interrupt interrupt;
    const auto print = [&](std::string_view data) -> Status {
        boost::system::error_code error;
        const json::value event = json::parse({data.data(), data.size()}, error);
        if (error || !event.is_object())
            return fail(ErrorCode::invalid, "the daemon sent an event that is not a JSON object");
        context.out.answer(event, line_of(event.get_object()));
        context.out.flush();
        if (!context.out.good()) return fail(ErrorCode::system, "the output cannot be written");
        return {};
    };
    TRY(context.api.follow("/v1/events", interrupt.fd(), print));
    interrupt.accept();
    return Exit::done;
}

constexpr Command kCommands[] = {
    {.name = "monitor",
     .about = "Print each event until interrupted; as JSON one object a line.",
     .run = monitor,
     .in_batch = false},
};

}  // namespace

const Object kEvent{"event", "what happens at the gate, live", kCommands};

}  // namespace portal::portalctl
