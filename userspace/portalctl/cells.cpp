#include "portalctl/cells.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>

#include "base/text.h"
#include "portalctl/units.h"

namespace portal::portalctl {

namespace json = boost::json;

namespace {

constexpr std::string_view kAbsent = "-";
constexpr std::size_t kLongestCell = 512;  // bytes of a string

const json::value* find(const json::object& row, std::string_view member) {
    return row.if_contains(json::string_view(member.data(), member.size()));
}

std::optional<WallTime> wall_time(const json::object& row, std::string_view member) {
    const json::value* value = find(row, member);
    if (!value || !value->is_string()) return std::nullopt;
    return parse_rfc3339(std::string_view(value->get_string()));
}

Seconds from_now(WallTime then) {
    // In milliseconds, which hold every year; the clock's nanoseconds do not.
    const auto now = std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
    return std::chrono::round<Seconds>(then - now);
}

}  // namespace

std::string value_text(const json::value& value) {
    if (value.is_null()) return std::string(kAbsent);
    if (const auto* string = value.if_string()) return printable(*string, kLongestCell);
    if (const auto* truth = value.if_bool()) return *truth ? "yes" : "no";
    if (const auto* array = value.if_array()) {
        std::string joined;
        for (const json::value& item : *array)
            joined += (joined.empty() ? "" : ", ") + value_text(item);
        return joined.empty() ? std::string(kAbsent) : joined;
    }
    return printable(json::serialize(value), kLongestCell);
}

std::string text(const json::object& row, std::string_view member) {
    const json::value* value = find(row, member);
    return value ? value_text(*value) : std::string(kAbsent);
}

std::string bytes(const json::object& row, std::string_view member) {
    const auto count = number(row, member);
    return count ? human_bytes(*count) : std::string(kAbsent);
}

std::string time(const json::object& row, std::string_view member) {
    const auto then = wall_time(row, member);
    if (!then) return text(row, member);
    const Seconds distance = from_now(*then);
    return format_rfc3339(*then) + (distance > Seconds::zero()
                                        ? " (in " + human_duration(distance) + ")"
                                        : " (" + human_duration(-distance) + " ago)");
}

std::string span(const json::object& row, std::string_view member) {
    const auto then = wall_time(row, member);
    if (!then) return text(row, member);
    return human_duration(std::chrono::abs(from_now(*then)));
}

std::string seconds(const json::object& row, std::string_view member) {
    const auto count = number(row, member);
    if (!count || *count > static_cast<std::uint64_t>(kLongestDuration.count()))
        return text(row, member);
    return format_duration(Seconds(*count));
}

std::string first(const json::object& row, std::string_view member) {
    const json::value* value = find(row, member);
    const json::array* array = value ? value->if_array() : nullptr;
    if (!array || array->empty()) return std::string(kAbsent);
    std::string shown = value_text(array->front());
    if (array->size() > 1) shown += " +" + std::to_string(array->size() - 1);
    return shown;
}

std::string client_id(const json::object& row) {
    const auto vlan = number(row, "vlan");
    return text(row, "mac") + (vlan.value_or(0) == 0 ? "" : "@" + std::to_string(*vlan));
}

std::optional<std::uint64_t> number(const json::object& row, std::string_view member) {
    const json::value* value = find(row, member);
    if (!value) return std::nullopt;
    if (const auto* small = value->if_int64(); small && *small >= 0)
        return static_cast<std::uint64_t>(*small);
    if (const auto* large = value->if_uint64()) return *large;
    return std::nullopt;
}

std::optional<bool> truth(const json::object& row, std::string_view member) {
    const json::value* value = find(row, member);
    const bool* flag = value ? value->if_bool() : nullptr;
    return flag ? std::optional(*flag) : std::nullopt;
}

}  // namespace portal::portalctl
