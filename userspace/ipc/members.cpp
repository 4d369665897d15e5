#include "ipc/members.h"

#include <boost/json/value.hpp>

#include "base/text.h"

namespace portal::ipc {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestAddress = 45;  // an IPv6 address with an IPv4 one at its end

std::string_view view(const json::string& text) {
    return {text.data(), text.size()};
}

}  // namespace

Members::Members(const json::object& object, std::string place)
    : object_(object), place_(std::move(place)) {}

void Members::fault(std::string_view name, std::string_view what) {
    if (!status_) return;
    status_ = fail(ErrorCode::invalid,
                   "member \"" + place_ + printable(name) + "\" " + std::string(what));
}

void Members::absorb(Status inner) {
    if (status_) status_ = std::move(inner);
}

const json::value* Members::find(std::string_view name) {
    known_.emplace(name);
    const json::value* value = object_.if_contains(json::string_view(name.data(), name.size()));
    if (!value) fault(name, "is missing");
    return value;
}

std::string Members::text(std::string_view name, std::size_t longest) {
    const json::value* value = find(name);
    if (!value) return {};
    if (!value->is_string()) {
        fault(name, "is not a string");
        return {};
    }
    if (value->get_string().size() > longest) {
        fault(name, "is longer than " + std::to_string(longest) + " bytes");
        return {};
    }
    return std::string(view(value->get_string()));
}

std::uint64_t Members::number(std::string_view name, std::uint64_t most) {
    const json::value* value = find(name);
    if (!value) return 0;
    if (!value->is_int64() && !value->is_uint64()) {
        fault(name, "is not a whole number");
        return 0;
    }
    if (value->is_int64() && value->get_int64() < 0) {
        fault(name, "is negative");
        return 0;
    }
    const std::uint64_t number =
        value->is_uint64() ? value->get_uint64() : static_cast<std::uint64_t>(value->get_int64());
    if (number > most) fault(name, "is more than " + std::to_string(most));
    return number;
}

bool Members::boolean(std::string_view name) {
    const json::value* value = find(name);
    if (!value) return false;
    if (!value->is_bool()) {
        fault(name, "is not true or false");
        return false;
    }
    return value->get_bool();
}

IpAddress Members::address(std::string_view name) {
    const std::string value = text(name, kLongestAddress);
    if (!status_) return {};
    const auto address = parse_ip_address(value);
    if (!address) {
        fault(name, "is not an IP address");
        return {};
    }
    return *address;
}

std::vector<IpAddress> Members::addresses(std::string_view name, std::size_t most) {
    const json::value* value = find(name);
    if (!value) return {};
    if (!value->is_array() || value->get_array().size() > most) {
        fault(name, "is not a list of at most " + std::to_string(most));
        return {};
    }
    std::vector<IpAddress> list;
    for (const json::value& item : value->get_array()) {
        const auto address = item.is_string() && item.get_string().size() <= kLongestAddress
                                 ? parse_ip_address(view(item.get_string()))
                                 : fail(ErrorCode::invalid, "no text");
        if (address)
            list.push_back(*address);
        else
            fault(name, "holds what is not an IP address");
    }
    return list;
}

Seconds Members::seconds(std::string_view name) {
    return Seconds(number(name, static_cast<std::uint64_t>(kLongestDuration.count())));
}

const json::object& Members::object(std::string_view name) {
    static const json::object empty;
    const json::value* value = find(name);
    if (!value) return empty;
    if (!value->is_object()) {
        fault(name, "is not an object");
        return empty;
    }
    return value->get_object();
}

bool Members::present(std::string_view name) {
    const json::value* value = find(name);
    return value && !value->is_null();
}

Status Members::finish() {
    for (const auto& member : object_) {
        const std::string_view name(member.key().data(), member.key().size());
        if (!known_.contains(name)) fault(name, "is not known");
    }
    return status_;
}

}  // namespace portal::ipc
