#include "portalctl/json_text.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace portal::portalctl {

namespace json = boost::json;

namespace {

void append_unit(std::string& out, std::uint32_t unit) {
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[(unit >> shift) & 15];
}

// `text` is serialized JSON in UTF-8, where bytes from 0x7f up occur in strings alone. Each
// code point is written as \u escapes (RFC 8259 §7); a stray byte as U+FFFD.
std::string in_ascii(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        if (lead < 0x7f) {
            out += static_cast<char>(lead);
            continue;
        }
        std::size_t more = 0;
        if (lead >= 0xc2 && lead <= 0xdf) more = 1;
        if (lead >= 0xe0 && lead <= 0xef) more = 2;
        if (lead >= 0xf0 && lead <= 0xf4) more = 3;
        std::uint32_t point = more == 0 ? (lead == 0x7f ? 0x7f : 0xfffd) : lead & (0x3fu >> more);
        for (; more > 0; --more) {
            const unsigned byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
            if ((byte & 0xc0) != 0x80) {
                point = 0xfffd;
                break;
            }
            point = point << 6 | (byte & 0x3f);
            ++i;
        }
        if (point < 0x10000) {
            append_unit(out, point);
        } else {
            append_unit(out, 0xd800 + ((point - 0x10000) >> 10));
            append_unit(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
        }
    }
    return out;
}

void append(std::string& out, const json::value& value, JsonStyle style, std::size_t depth) {
    const bool indented = style == JsonStyle::indented;
    const auto new_line = [&](std::size_t level) {
        if (!indented) return;
        out += '\n';
        out.append(2 * level, ' ');
    };
    if (const auto* array = value.if_array(); array && !array->empty()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (i > 0) out += ',';
            new_line(depth + 1);
            append(out, (*array)[i], style, depth + 1);
        }
        new_line(depth);
        out += ']';
    } else if (const auto* object = value.if_object(); object && !object->empty()) {
        out += '{';
        bool first = true;
        for (const auto& [key, member] : *object) {
            if (!std::exchange(first, false)) out += ',';
            new_line(depth + 1);
            out += in_ascii(json::serialize(json::string_view(key)));
            out += indented ? ": " : ":";
            append(out, member, style, depth + 1);
        }
        new_line(depth);
        out += '}';
    } else {
        out += in_ascii(json::serialize(value));
    }
}

}  // namespace

std::string json_text(const json::value& value, JsonStyle style) {
    std::string out;
    append(out, value, style, 0);
    return out;
}

}  // namespace portal::portalctl
