#include "control/event.h"

#include <utility>

#include "base/text.h"

namespace portal::control {

std::string_view to_string(EventType type) {
    switch (type) {
        case EventType::stranger:
            return "stranger";
        case EventType::sign_in:
            return "sign_in";
        case EventType::sign_out:
            return "sign_out";
        case EventType::expiry:
            return "expiry";
        case EventType::denial:
            return "denial";
        case EventType::forgery:
            return "forgery";
        case EventType::blocked:
            return "blocked";
        case EventType::unblocked:
            return "unblocked";
        case EventType::trusted:
            return "trusted";
        case EventType::untrusted:
            return "untrusted";
        case EventType::program_detached:
            return "program_detached";
        case EventType::program_attached:
            return "program_attached";
        case EventType::responder:
            return "responder";
    }
    std::unreachable();
}

std::string describe(const Event& event) {
    std::string line(to_string(event.type));
    const auto add = [&](std::string_view text) {
        line += ' ';
        line += printable(text);
    };
    if (event.client) add(event.client->to_string());
    if (event.ip) add(event.ip->to_string());
    if (event.interface) add(*event.interface);
    if (event.user) add(*event.user);
    if (event.method) add(*event.method);
    if (event.detail) line += ": " + printable(*event.detail, 1024);
    return line;
}

}  // namespace portal::control
