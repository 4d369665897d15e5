// What the API offers, as data: a list of endpoints, each with the call behind it. How HTTP
// carries them is the handler's business.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "control/event_bus.h"

namespace portal::control::api {

struct Call {
    std::vector<std::string> parameters;  // of the path, decoded, in its order
    std::map<std::string, std::string, std::less<>> query;
    boost::json::object body;  // empty where none was sent
};

using Answer = Result<boost::json::value>;

// Answers at once.
using Immediate = std::function<Answer(const Call&)>;
// Answers by calling `done` once, on the event loop's thread.
using Deferred = std::function<void(const Call&, std::function<void(Answer)> done)>;
// Answers, and does something once the answer is on its way, or its receiver gone.
struct Final {
    Immediate answer;
    std::function<void()> then;
};
// Answers with events, for as long as the receiver listens: those after the one with the id
// `after`, where the receiver has been here before.
using Stream = std::function<EventBus::Subscription(std::function<void()> wake,
                                                    std::optional<std::uint64_t> after)>;

struct Endpoint {
    enum class Body { none, optional, required };

    std::string_view method;
    std::string_view path;  // a pattern of Router
    std::variant<Immediate, Deferred, Final, Stream> call;
    Body body = Body::none;
    std::vector<std::string_view> query = {};  // the parameters it knows
};

using Endpoints = std::vector<Endpoint>;

}  // namespace portal::control::api
