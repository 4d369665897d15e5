// The languages, held against English, and against the pages that use them.
#include "responder/locale.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>
#include <set>

#include "responder/assets.h"

namespace portal::responder {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// The {names} in a text, sorted.
std::vector<std::string> holes(const std::string& text) {
    std::vector<std::string> names;
    static const std::regex kHole("\\{[^{}]*\\}");
    for (std::sregex_iterator hole(text.begin(), text.end(), kHole), end; hole != end; ++hole)
        names.push_back(hole->str());
    std::ranges::sort(names);
    return names;
}

const Locale& english() {
    return locales().front();
}

class LocaleTest : public testing::TestWithParam<std::string> {
  protected:
    const Locale& locale() const { return *find_locale(GetParam()); }
};

TEST_P(LocaleTest, HasTheKeysOfEnglishAndNoOther) {
    for (const auto& [key, text] : english().texts())
        EXPECT_TRUE(locale().texts().contains(key)) << key << " is missing";
    for (const auto& [key, text] : locale().texts())
        EXPECT_TRUE(english().texts().contains(key)) << key << " is of no use";
}

TEST_P(LocaleTest, FillsTheSameHoles) {
    for (const auto& [key, text] : english().texts()) {
        const std::string translated = locale().texts().at(key);
        EXPECT_EQ(holes(translated), holes(text)) << key;
        EXPECT_EQ(std::ranges::count(translated, '{'), std::ranges::count(translated, '}')) << key;
    }
}

TEST_P(LocaleTest, LinksTheTerms) {
    static const std::regex kLinked("[^\\[\\]]*\\[[^\\[\\]]+\\][^\\[\\]]*");
    EXPECT_TRUE(std::regex_match(locale().text("sign_in.terms"), kLinked));
}

TEST_P(LocaleTest, NamesEveryUnitOfData) {
    EXPECT_EQ(std::ranges::count(locale().text("size.units"), ' '), 6);
    EXPECT_THAT(locale().size(~std::uint64_t{0}), testing::StartsWith("18 "));
}

TEST_P(LocaleTest, TextsAreNoMarkup) {
    for (const auto& [key, text] : locale().texts())
        EXPECT_EQ(text.find_first_of("<>&\""), std::string::npos) << key << ": " << text;
}

std::vector<std::string> tags() {
    std::vector<std::string> all;
    for (const Locale& locale : locales())
        all.push_back(locale.tag());
    return all;
}

INSTANTIATE_TEST_SUITE_P(All, LocaleTest, testing::ValuesIn(tags()),
                         [](const auto& tag) { return tag.param; });

TEST(Locales, AreThoseWeSpeak) {
    EXPECT_THAT(tags(), testing::ElementsAre("en", "de", "es", "fr", "it", "nl", "pl", "pt", "tr",
                                             "ar", "hi", "ja", "zh"));
    for (const Locale& locale : locales())
        EXPECT_EQ(locale.direction(), locale.tag() == "ar" ? "rtl" : "ltr");
    EXPECT_EQ(find_locale("tlh"), nullptr);
    EXPECT_EQ(find_locale(""), nullptr);
}

// In templates and by the names that pages make of parts.
TEST(Locales, HaveATextForEachPlaceInThePages) {
    static const std::regex kText("\\{\\{t\\.([^}]*)\\}\\}");
    std::set<std::string> used;
    for (const std::string_view name : asset_names()) {
        const std::string page(asset(name));
        for (std::sregex_iterator text(page.begin(), page.end(), kText), end; text != end; ++text)
            used.insert((*text)[1].str());
    }
    EXPECT_GT(used.size(), 20u);
    for (const std::string& key : used)
        EXPECT_TRUE(english().texts().contains(key)) << key;
}

TEST(Locale, RefusesWhatIsNone) {
    for (const auto& [text, error] :
         {std::pair("", "not JSON"), std::pair("[]", "not a JSON object"),
          std::pair("{\"a\":1}", "a is not a text"), std::pair("{\"a\":\"\"}", "a is empty"),
          std::pair("{\"a\":\"\\n\"}", "control characters"),
          std::pair("{\"direction\":\"up\"}", "neither ltr nor rtl"),
          std::pair("{}", "neither ltr nor rtl")}) {
        const auto locale = Locale::parse("xx", text);
        ASSERT_FALSE(locale) << text;
        EXPECT_THAT(locale.error().what, HasSubstr(error));
    }
}

TEST(Locale, FillsItsTexts) {
    const auto locale =
        Locale::parse("xx", R"({"direction":"ltr","a":"{x} and {y} and {x}","b":"{ {x"})").value();
    EXPECT_EQ(locale.text("a", {{"x", "{y}"}, {"y", "<2>"}}), "{y} and <2> and {y}");
    EXPECT_EQ(locale.text("a"), " and  and ");
    EXPECT_EQ(locale.text("b", {{"x", "1"}}), "{ {x");
    EXPECT_EQ(locale.text("c"), "c");
}

TEST(Locale, KeepsAForeignNameFromTurningTheTextOver) {
    EXPECT_THAT(find_locale("ar")->text("status.continue", {{"host", "example.org"}}),
                HasSubstr("\u2068example.org\u2069"));
}

TEST(Locale, Durations) {
    EXPECT_EQ(english().duration(0s), "less than a minute");
    EXPECT_EQ(english().duration(59s), "less than a minute");
    EXPECT_EQ(english().duration(60s), "1 min");
    EXPECT_EQ(english().duration(7h + 59min + 59s), "7 h 59 min");
    EXPECT_EQ(english().duration(8h), "8 h");
    EXPECT_EQ(english().duration(51h + 30min), "2 d 3 h");
    EXPECT_EQ(english().duration(24h + 30min), "1 d");
    EXPECT_EQ(find_locale("ja")->duration(90min), "1時間 30分");
}

TEST(Locale, Sizes) {
    EXPECT_EQ(english().size(0), "0 B");
    EXPECT_EQ(english().size(999), "999 B");
    EXPECT_EQ(english().size(1000), "1.0 kB");
    EXPECT_EQ(english().size(12'345'678), "12 MB");
    EXPECT_EQ(english().size(1'990'000'000), "1.9 GB");
    EXPECT_EQ(english().size(~std::uint64_t{0}), "18 EB");
    EXPECT_EQ(find_locale("fr")->size(1'990'000'000), "1,9 Go");
}

}  // namespace
}  // namespace portal::responder
