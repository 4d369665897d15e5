// The texts of the pages in one language, from assets/locales/LANG.json: a flat object of texts,
// the same keys in each, where {name} stands for a value and [brackets] for what is a link.
//
// Of no use for numbers and money as such, but for what the pages say of time and data.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "base/error.h"
#include "http/message.h"
#include "responder/values.h"

namespace portal::responder {

class Locale {
  public:
    // `tag` is the language's (RFC 5646). ErrorCode::invalid names what is wrong with `json`.
    static Result<Locale> parse(std::string tag, std::string_view json);

    const std::string& tag() const { return tag_; }
    // In the language itself: "Deutsch".
    std::string name() const { return text("language"); }
    // "ltr" or "rtl"
    std::string direction() const { return right_to_left_ ? "rtl" : "ltr"; }

    // The text of `key` with each {name} filled from `values`. Not escaped for HTML. A key that is
    // not there comes back as itself.
    std::string text(std::string_view key, const Values& values = {}) const;

    // The two largest units, rounded down: "2 d 3 h", "12 min", "less than a minute".
    std::string duration(Seconds duration) const;
    // Decimal units, as data plans have them: "999 B", "1.2 kB", "15 MB".
    std::string size(std::uint64_t bytes) const;

    const std::map<std::string, std::string, std::less<>>& texts() const { return texts_; }

  private:
    std::string tag_;
    bool right_to_left_ = false;
    std::map<std::string, std::string, std::less<>> texts_;
};

// Every language that is embedded, in the order of assets in CMakeLists.txt, English first. Read
// at the first call; ends the process if an asset is broken.
std::span<const Locale> locales();

// Null: no such language.
const Locale* find_locale(std::string_view tag);

// The language to answer `request` in: `chosen` if that is one, else what Accept-Language asks
// for, else English.
const Locale& locale_for(const http::Request& request, std::string_view chosen = {});

}  // namespace portal::responder
