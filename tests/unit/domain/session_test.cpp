#include "domain/session.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

TEST(CheckName, TakesLettersDigitsAndMarks) {
    for (const std::string_view name :
         {"a", "Ann.Example@example.net", "guest_1+2-3", "zo\xc3\xab"})
        EXPECT_TRUE(check_name("user", name)) << name;
    EXPECT_TRUE(check_name("user", std::string(kLongestName, 'a')));
}

TEST(CheckName, RefusesTheRest) {
    for (const std::string_view name : {"", "two words", "a/b", "a'b", "a\"b", "a\nb", "<b>", "a,b",
                                        "\xff\xfe", "\xc0\xaf", "a\xc2\x85"}) {
        const Status status = check_name("user", name);
        ASSERT_FALSE(status) << name;
        EXPECT_EQ(status.error().code, ErrorCode::invalid);
        EXPECT_NE(status.error().what.find("user name"), std::string::npos);
    }
    EXPECT_FALSE(check_name("user", std::string(kLongestName + 1, 'a')));
    EXPECT_FALSE(check_name("user", std::string_view("a\0b", 3)));
}

TEST(SessionTimeout, IsMoreThanZero) {
    EXPECT_EQ(parse_session_timeout("1s").value(), Seconds(1));
    EXPECT_EQ(parse_session_timeout("3650d").value(), kLongestDuration);
    for (const std::string_view text : {"0", "0s", "0h0m", "-1", "1000000000h", "3651d", ""})
        EXPECT_FALSE(parse_session_timeout(text)) << text;
}

}  // namespace
}  // namespace portal
