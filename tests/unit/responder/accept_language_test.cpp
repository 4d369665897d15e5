#include "responder/accept_language.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "responder/quality.h"

namespace portal::responder {
namespace {

std::string lookup(std::string_view accept_language) {
    constexpr std::array<std::string_view, 5> available = {"en", "de", "pt", "zh", "zh-hant"};
    const auto found = lookup_language(accept_language, available);
    return found ? std::string(available[*found]) : "none";
}

TEST(AcceptLanguage, TheBestThatThereIsCounts) {
    EXPECT_EQ(lookup("de"), "de");
    EXPECT_EQ(lookup("DE"), "de");
    EXPECT_EQ(lookup("de, en"), "de");
    EXPECT_EQ(lookup("en;q=0.8, de;q=0.9"), "de");
    EXPECT_EQ(lookup("en;q=0.5 , de;q=0.5"), "en");
    EXPECT_EQ(lookup("fi, sv;q=0.9, pt;q=0.1"), "pt");
    EXPECT_EQ(lookup("en-US,en;q=0.9,de;q=0.8"), "en");
}

TEST(AcceptLanguage, ARangeIsShortenedUntilItFits) {
    EXPECT_EQ(lookup("de-CH-1996"), "de");
    EXPECT_EQ(lookup("pt-BR"), "pt");
    EXPECT_EQ(lookup("zh-Hant-TW"), "zh-hant");
    EXPECT_EQ(lookup("zh-Hans-CN"), "zh");
    EXPECT_EQ(lookup("de-x-klingon"), "de");
    EXPECT_EQ(lookup("de-"), "de");
    // RFC 4647 §3.4: the whole of the first range comes before the second.
    EXPECT_EQ(lookup("pt-BR, de"), "pt");
}

TEST(AcceptLanguage, WhatIsNotAskedForIsNotGiven) {
    for (const char* value :
         {"", "*", "fi", "de;q=0", "d", "deu", "en-;q=2", "*;q=0.5", ",,;,", "de;q=", "de;q=1.5",
          "de;q=x", "de;level=1", "-de", "-", "--", "\xff\xfe"})
        EXPECT_EQ(lookup(value), "none") << value;
}

TEST(AcceptLanguage, HostileValuesEndSoon) {
    EXPECT_EQ(lookup("fi," + std::string(100'000, '-') + ",de"), "none");
    EXPECT_EQ(lookup(std::string(36, 'a') + ",de"), "de");
    std::string many;
    while (many.size() < 2000)
        many += "a-b-c-d-e-f;q=0.1,";
    EXPECT_EQ(lookup(many + "de"), "none");
    EXPECT_EQ(lookup("de," + many), "de");
}

TEST(Quality, IsANumberFromNoneToOne) {
    EXPECT_EQ(parse_quality("1"), kBestQuality);
    EXPECT_EQ(parse_quality("0.25"), 250);
    EXPECT_EQ(parse_quality("0."), 0);
    for (const char* text : {"", "2", "1.001", "0.1234", ".5", "-0", "0,5", "1e0"})
        EXPECT_FALSE(parse_quality(text)) << text;
}

}  // namespace
}  // namespace portal::responder
