#include "base/text.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

TEST(Printable, EscapesEverythingButAscii) {
    EXPECT_EQ(printable("plain text"), "plain text");
    EXPECT_EQ(printable("a\nb\x7f"), "a\\x0ab\\x7f");
    EXPECT_EQ(printable("\xc3\xa9"), "\\xc3\\xa9");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Printable, CutsLongText) {
    EXPECT_EQ(printable("abcd", 4), "abcd");
    EXPECT_EQ(printable("abcde", 4), "abcd…");
}

TEST(Trimmed, TakesBlanksFromBothEnds) {
    EXPECT_EQ(trimmed(" \t a b \r\n"), "a b");
    EXPECT_EQ(trimmed(" \n"), "");
    EXPECT_EQ(trimmed(""), "");
}

TEST(PlainText, TakesUtf8) {
    for (const std::string_view text :
         {"", "plain", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x93\xb6", "\xc2\xa0",
          "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_plain_text(text)) << printable(text);
}

TEST(PlainText, RefusesControlCharacters) {
    for (const std::string_view text : {"a\n", "\t", "\x1b[0m", "\x7f", "\xc2\x80", "\xc2\x9f"})
        EXPECT_FALSE(is_plain_text(text)) << printable(text);
    EXPECT_FALSE(is_plain_text(std::string_view("a\0b", 3)));
}

TEST(PlainText, RefusesMalformedUtf8) {
    for (const std::string_view text :
         {"\x80", "\xbf", "\xc3", "\xc3(", "\xe2\x82", "\xf0\x9f\x93", "\xc0\xaf", "\xc1\xbf",
          "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
          "\xf8\x88\x80\x80\x80", "\xff"})
        EXPECT_FALSE(is_plain_text(text)) << printable(text);
}

}  // namespace
}  // namespace portal
