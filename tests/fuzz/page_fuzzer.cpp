// Text from outside in the pages' templates: it stays text, in every place that shows it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "invariant.h"
#include "responder/template.h"

namespace {

using portal::fuzz::require;
using portal::responder::Locale;
using portal::responder::Template;
using portal::responder::Values;

constexpr std::array kTexts{
    "alert",      "alert_field", "back",  "down",      "heading",     "lang",         "link",
    "data_left",  "name",        "path",  "remaining", "remote_link", "seal",         "tag",
    "terms",      "text",        "title", "token",     "terms_after", "terms_before", "up",
    "terms_link", "url",         "used",  "user",      "venue",       "voucher_code"};
constexpr std::array kSections{"again", "at_once", "closed",         "current",      "front",
                               "logo",  "trusted", "wrong_password", "wrong_voucher"};
constexpr std::array kMethods{"click_through", "password", "remote", "voucher"};

// Every hole filled with `text`, and every section shown.
Values values_of(const std::string& text) {
    Values values;
    for (const char* name : kTexts)
        values[name] = text;
    for (const char* name : kSections)
        values[name] = true;
    std::vector<Values> methods;
    for (const char* name : kMethods)
        methods.push_back({{name, true}, {"another", !methods.empty()}});
    values["methods"] = std::move(methods);
    values["languages"] = std::vector<Values>{{{"name", text}, {"tag", text}, {"dir", text}}};
    values["paragraphs"] = std::vector<Values>{{{"text", text}}};
    return values;
}

// What a browser would take for markup, or for the end of an attribute.
auto markup_of(const std::string& page) {
    return std::array{std::ranges::count(page, '<'), std::ranges::count(page, '>'),
                      std::ranges::count(page, '"')};
}

struct Page {
    explicit Page(const char* asset) : page(asset) {
        for (const Locale& locale : portal::responder::locales())
            expected.push_back(markup_of(page.render(locale, values_of("x"))));
    }

    Template page;
    std::vector<decltype(markup_of({}))> expected;  // by language
};

}  // namespace

// The first byte chooses the language.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::array pages{Page("carried.html"), Page("intercept.html"), Page("layout.html"),
                                  Page("notice.html"),  Page("sign_in.html"),   Page("status.html"),
                                  Page("terms.html")};
    // An empty text leaves its section out.
    if (size < 2) return 0;
    const auto languages = portal::responder::locales();
    const std::size_t language = data[0] % languages.size();
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    for (const Page& page : pages) {
        const std::string rendered = page.page.render(languages[language], values_of(text));
        require(markup_of(rendered) == page.expected[language], "text stays text", rendered);
    }
    return 0;
}
