#include "responder/locale.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "http/field_value.h"
#include "responder/accept_language.h"
#include "responder/assets.h"

namespace portal::responder {

namespace json = boost::json;

namespace {

// FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode UAX #9): around what is filled in, so
// that a Latin name does not turn over the text that runs the other way.
constexpr std::string_view kIsolate = "\u2068";
constexpr std::string_view kPopIsolate = "\u2069";

constexpr std::string_view kFolder = "locales/";
constexpr std::string_view kEnding = ".json";

std::string digits(std::uint64_t number) {
    return std::to_string(number);
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::vector<Locale> read_all() {
    std::vector<Locale> all;
    for (const std::string_view name : asset_names()) {
        if (!name.starts_with(kFolder)) continue;
        std::string_view tag = name.substr(kFolder.size());
        tag.remove_suffix(kEnding.size());
        auto locale = Locale::parse(std::string(tag), asset(name));
        if (!locale) {
            spdlog::critical("asset {}: {}", name, locale.error().what);
            std::abort();
        }
        all.push_back(*std::move(locale));
    }
    return all;
}

}  // namespace

Result<Locale> Locale::parse(std::string tag, std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error) return fail(ErrorCode::invalid, "not JSON: " + error.message());
    if (!value.is_object()) return fail(ErrorCode::invalid, "not a JSON object");
    Locale locale;
    locale.tag_ = std::move(tag);
    for (const auto& member : value.get_object()) {
        const std::string key(member.key());
        if (!member.value().is_string()) return fail(ErrorCode::invalid, key + " is not a text");
        const std::string content(member.value().get_string());
        if (content.empty() || !is_plain_text(content))
            return fail(ErrorCode::invalid, key + " is empty or has control characters");
        if (!locale.texts_.emplace(key, content).second)
            return fail(ErrorCode::invalid, key + " is there twice");
    }
    const std::string direction = locale.text("direction");
    locale.right_to_left_ = direction == "rtl";
    if (direction != locale.direction())
        return fail(ErrorCode::invalid, "direction is neither ltr nor rtl");
    return locale;
}

std::string Locale::text(std::string_view key, const Values& values) const {
    const auto entry = texts_.find(key);
    if (entry == texts_.end()) return std::string(key);
    std::string out;
    std::string_view rest = entry->second;
    for (std::size_t open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
        const std::size_t close = rest.find('}', open);
        if (close == rest.npos) break;
        out += rest.substr(0, open);
        const auto value = values.find(rest.substr(open + 1, close - open - 1));
        if (value != values.end()) {
            if (right_to_left_) out += kIsolate;
            if (const auto* filled = std::get_if<std::string>(&value->second)) out += *filled;
            if (right_to_left_) out += kPopIsolate;
        }
        rest.remove_prefix(close + 1);
    }
    return out += rest;
}

std::string Locale::duration(Seconds duration) const {
    struct Unit {
        std::int64_t seconds;
        const char* key;
    };
    constexpr std::array<Unit, 3> units{
        {{86400, "duration.days"}, {3600, "duration.hours"}, {60, "duration.minutes"}}};
    const auto part = [this](std::int64_t number, const char* key) {
        return text(key, {{"n", std::to_string(number)}});
    };
    std::int64_t rest = duration.count();
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (rest < units[i].seconds) continue;
        std::string shown = part(rest / units[i].seconds, units[i].key);
        rest %= units[i].seconds;
        if (i + 1 < units.size() && rest >= units[i + 1].seconds)
            shown += " " + part(rest / units[i + 1].seconds, units[i + 1].key);
        return shown;
    }
    return text("duration.moment");
}

std::string Locale::size(std::uint64_t bytes) const {
    const std::vector<std::string> units = words_of(text("size.units"));
    std::uint64_t unit = 1;
    std::size_t name = 0;
    while (name + 1 < units.size() && bytes / unit >= 1000) {
        unit *= 1000;
        ++name;
    }
    std::string shown = digits(bytes / unit);
    if (unit > 1 && bytes / unit < 10)
        shown += text("decimal") + digits(bytes % unit / (unit / 10));
    return shown + " " + units[name];
}

std::span<const Locale> locales() {
    static const std::vector<Locale> all = read_all();
    return all;
}

const Locale* find_locale(std::string_view tag) {
    const auto found = std::ranges::find(locales(), tag, &Locale::tag);
    return found == locales().end() ? nullptr : &*found;
}

const Locale& locale_for(const http::Request& request, std::string_view chosen) {
    if (const Locale* locale = find_locale(chosen)) return *locale;
    std::vector<std::string_view> tags;
    for (const Locale& locale : locales())
        tags.emplace_back(locale.tag());
    const auto accepted =
        lookup_language(http::field_value(request, http::Field::accept_language), tags);
    return accepted ? locales()[*accepted] : locales().front();
}

}  // namespace portal::responder
