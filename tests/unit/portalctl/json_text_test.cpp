#include "portalctl/json_text.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace portal::portalctl {

namespace json = boost::json;

TEST(JsonText, OneLine) {
    constexpr std::string_view text =
        R"({"a":[1,-2,18446744073709551615,true,null],"b":{},"c":[],"d":{"e":"x"}})";
    EXPECT_EQ(json_text(json::parse(text), JsonStyle::one_line), text);
}

TEST(JsonText, Indented) {
    EXPECT_EQ(json_text(json::parse(R"({"a":[1,{"b":2}],"c":[]})"), JsonStyle::indented),
              "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": []\n}");
}

TEST(JsonText, IsAscii) {
    const json::value value("\x1b\x7f\xc2\x9b\xe2\x80\xae\xf0\x9f\x98\x80\xc3\xa9\"\\\n");
    const std::string text = json_text(value, JsonStyle::one_line);
    EXPECT_EQ(text, R"("\u001b\u007f\u009b\u202e\ud83d\ude00\u00e9\"\\\n")");
    EXPECT_EQ(json::parse(text), value);
    const json::value key{{"\xc2\x9b", 1}};
    EXPECT_EQ(json_text(key, JsonStyle::one_line), R"({"\u009b":1})");
}

TEST(JsonText, BytesThatAreNotUtf8BecomeReplacementCharacters) {
    EXPECT_EQ(json_text(json::value("\xff|\xc3|\xe2\x80|\x80"), JsonStyle::one_line),
              R"("\ufffd|\ufffd|\ufffd|\ufffd")");
}

}  // namespace portal::portalctl
