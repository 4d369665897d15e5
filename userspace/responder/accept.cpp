#include "responder/accept.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>

#include "base/text.h"
#include "responder/quality.h"

namespace portal::responder {

namespace {

enum class Exactness { none, any, type, exact };  // not matched, */*, type/*, type/subtype

struct Rank {
    int quality = 0;  // thousandths
    Exactness exactness = Exactness::none;
};

struct Range {
    std::string type;
    std::string subtype;
    int quality = kBestQuality;
};

// `text` up to the next `separator` that is not in a quoted string; both are taken off `text`.
std::string_view take_until(std::string_view& text, char separator) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const char c = text[end];
        if (quoted && c == '\\')
            ++end;
        else if (c == '"')
            quoted = !quoted;
        else if (c == separator && !quoted)
            break;
    }
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(taken);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<Range> parse_range(std::string_view text) {
    std::string_view name = take_until(text, ';');
    const std::size_t slash = name.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == name.size())
        return std::nullopt;
    Range range{.type = lower(name.substr(0, slash)), .subtype = lower(name.substr(slash + 1))};
    if (range.type == "*" && range.subtype != "*") return std::nullopt;
    while (!text.empty()) {
        std::string_view value = take_until(text, ';');
        const std::string_view parameter = take_until(value, '=');
        if (lower(parameter) != "q") continue;
        const auto quality = parse_quality(value);
        if (!quality) return std::nullopt;
        range.quality = *quality;
    }
    return range;
}

Exactness match_html(const Range& range) {
    if (range.type == "*") return Exactness::any;
    if (range.type != "text") return Exactness::none;
    if (range.subtype == "*") return Exactness::type;
    return range.subtype == "html" ? Exactness::exact : Exactness::none;
}

Exactness match_json(const Range& range) {
    if (range.type == "*") return Exactness::any;
    if (range.subtype.ends_with("+json")) return Exactness::exact;
    if (range.type != "application") return Exactness::none;
    if (range.subtype == "*") return Exactness::type;
    return range.subtype == "json" ? Exactness::exact : Exactness::none;
}

Exactness match_captive_json(const Range& range) {
    if (range.type == "*") return Exactness::any;
    if (range.type != "application") return Exactness::none;
    if (range.subtype == "*") return Exactness::type;
    return range.subtype == "captive+json" ? Exactness::exact : Exactness::none;
}

// The most exact range decides (RFC 9110 §12.5.1); of several, the best.
void consider(Rank& rank, Exactness exactness, int quality) {
    if (exactness == Exactness::none || exactness < rank.exactness) return;
    rank.quality = exactness == rank.exactness ? std::max(rank.quality, quality) : quality;
    rank.exactness = exactness;
}

struct Ranks {
    Rank html;
    Rank json;
};

Ranks rank(std::string_view accept, Exactness (*match)(const Range&)) {
    Ranks ranks;
    while (!accept.empty()) {
        const auto range = parse_range(take_until(accept, ','));
        if (!range) continue;
        consider(ranks.html, match_html(*range), range->quality);
        consider(ranks.json, match(*range), range->quality);
    }
    return ranks;
}

}  // namespace

bool prefers_json(std::string_view accept) {
    const auto [html, json] = rank(accept, match_json);
    if (json.quality != html.quality) return json.quality > html.quality;
    return json.quality > 0 && json.exactness > html.exactness;
}

bool prefers_captive_json(std::string_view accept) {
    if (trimmed(accept).empty()) return true;
    const auto [html, json] = rank(accept, match_captive_json);
    if (json.quality != html.quality) return json.quality > html.quality;
    return json.quality > 0 && json.exactness >= html.exactness;
}

std::string accept_of(const http::Request& request) {
    std::string value;
    const auto [first, last] = request.equal_range(http::Field::accept);
    for (auto field = first; field != last; ++field)
        value += std::string(value.empty() ? "" : ", ") + std::string(field->value());
    return value;
}

}  // namespace portal::responder
