#include "base/duration.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ParsesNumbersWithUnits) {
    EXPECT_EQ(parse_duration("0").value(), 0s);
    EXPECT_EQ(parse_duration("0s").value(), 0s);
    EXPECT_EQ(parse_duration("90s").value(), 90s);
    EXPECT_EQ(parse_duration("30m").value(), 30min);
    EXPECT_EQ(parse_duration("8h").value(), 8h);
    EXPECT_EQ(parse_duration("7d").value(), 168h);
    EXPECT_EQ(parse_duration("2w").value(), 336h);
    EXPECT_EQ(parse_duration("1h30m").value(), 90min);
    EXPECT_EQ(parse_duration("30m1h").value(), 90min);
    EXPECT_EQ(parse_duration("007s").value(), 7s);
}

TEST(Duration, RefusesWhatIsNoDuration) {
    for (const std::string_view text :
         {"", "-1", "-1s", "+1s", "1", "10", "s", "1.5h", "1 h", " 1h", "1h ", "1H", "1y", "1h30",
          "0x1s", "1e3s", "8 hours"}) {
        const auto duration = parse_duration(text);
        ASSERT_FALSE(duration) << text;
        EXPECT_EQ(duration.error().code, ErrorCode::invalid) << text;
    }
    EXPECT_FALSE(parse_duration(std::string_view("1h\0", 3)));
}

TEST(Duration, EndsAtTheLongest) {
    EXPECT_EQ(parse_duration("3650d").value(), kLongestDuration);
    EXPECT_EQ(parse_duration("315360000s").value(), kLongestDuration);
    for (const std::string_view text :
         {"3650d1s", "315360001s", "3651d", "1000000000h", "18446744073709551615s",
          "18446744073709551616s", "99999999999999999999999999w", "2000d2000d"}) {
        const auto duration = parse_duration(text);
        ASSERT_FALSE(duration) << text;
        EXPECT_NE(duration.error().what.find("longer than 3650d"), std::string::npos) << text;
    }
}

TEST(Duration, FormatsTheShortestText) {
    EXPECT_EQ(format_duration(0s), "0");
    EXPECT_EQ(format_duration(90s), "1m30s");
    EXPECT_EQ(format_duration(8h), "8h");
    EXPECT_EQ(format_duration(24h), "1d");
    EXPECT_EQ(format_duration(336h), "14d");
    EXPECT_EQ(format_duration(-90min), "-1h30m");
}

TEST(Duration, ReadsBackWhatItFormats) {
    for (const Seconds duration : {1s, 59s, 60s, 3601s, 86399s, 100000s, kLongestDuration})
        EXPECT_EQ(parse_duration(format_duration(duration)).value(), duration);
}

}  // namespace
}  // namespace portal
