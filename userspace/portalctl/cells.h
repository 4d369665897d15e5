// Members of the API's objects as plain text. A member that is absent, null or of another type
// than expected is "-"; nothing here throws.
#pragma once

#include <algorithm>
#include <boost/json/fwd.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portal::portalctl {

// Strings made printable, numbers, yes or no, arrays joined by ", ".
std::string text(const boost::json::object& row, std::string_view member);
std::string bytes(const boost::json::object& row, std::string_view member);
// A time and how far from now: "2026-01-31T08:00:00Z (in 7h59m)".
std::string time(const boost::json::object& row, std::string_view member);
// How far from now alone: "7h59m".
std::string span(const boost::json::object& row, std::string_view member);
// A number of seconds: "30m".
std::string seconds(const boost::json::object& row, std::string_view member);
// The first of an array, and how many more: "192.0.2.7 +2".
std::string first(const boost::json::object& row, std::string_view member);
// "02:00:00:00:00:01", or "02:00:00:00:00:01@100" on a VLAN; of "mac" and "vlan".
std::string client_id(const boost::json::object& row);

std::optional<std::uint64_t> number(const boost::json::object& row, std::string_view member);
std::optional<bool> truth(const boost::json::object& row, std::string_view member);
// Any value as text() shows it.
std::string value_text(const boost::json::value& value);

// A member's name as a template argument, so that a column is a plain function pointer:
//   {"STATE", of<text, "state">}
struct MemberName {
    char characters[32]{};
    template <std::size_t size>
    consteval MemberName(const char (&name)[size]) {
        static_assert(size <= sizeof characters);
        std::copy_n(name, size, characters);
    }
};

template <std::string (*show)(const boost::json::object&, std::string_view), MemberName member>
std::string of(const boost::json::object& row) {
    return show(row, member.characters);
}

}  // namespace portal::portalctl
