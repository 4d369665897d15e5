#include "base/local_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace portal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// A time zone as POSIX writes them, so that the machine's database does not matter: an hour ahead
// of UTC, two from 29 March 02:00 to 25 October 03:00 in 2026.
constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";

WallTime utc(int month, int day, int hour, int minute = 0) {
    const std::chrono::year_month_day date{std::chrono::year(2026), std::chrono::month(month),
                                           std::chrono::day(day)};
    return std::chrono::sys_days(date) + hours(hour) + minutes(minute);
}

class LocalTime : public testing::Test {
  protected:
    LocalTime() { setenv("TZ", kBerlin, 1); }
    ~LocalTime() override {
        unsetenv("TZ");
        tzset();
    }

    static std::string next(WallTime from, std::vector<minutes> times) {
        return format_rfc3339(next_local_change(from, times));
    }
};

TEST_F(LocalTime, IsThatOfTheZone) {
    EXPECT_EQ(local_time_of_day(utc(1, 15, 12, 30)), hours(13) + minutes(30));
    EXPECT_EQ(local_time_of_day(utc(7, 15, 12, 30)), hours(14) + minutes(30));
    EXPECT_EQ(local_time_of_day(utc(1, 15, 23, 30)), minutes(30));
    EXPECT_EQ(local_time_of_day(utc(1, 15, 12, 30) + std::chrono::seconds(59)),
              hours(13) + minutes(30));
}

TEST_F(LocalTime, WestOfGreenwich) {
    setenv("TZ", "EST5", 1);
    EXPECT_EQ(local_time_of_day(utc(1, 15, 3)), hours(22));
    EXPECT_EQ(local_time_of_day(WallTime(hours(1))), hours(20));
}

TEST_F(LocalTime, TheNextChangeIsTheNearestTimeOfDay) {
    EXPECT_EQ(next(utc(1, 15, 12), {hours(22), hours(6)}), "2026-01-15T21:00:00Z");
    EXPECT_EQ(next(utc(1, 15, 23), {hours(22), hours(6)}), "2026-01-16T05:00:00Z");
    EXPECT_EQ(next(utc(1, 15, 22), {minutes(0)}), "2026-01-15T23:00:00Z");
}

TEST_F(LocalTime, TheNextChangeIsNeverNow) {
    EXPECT_EQ(next(utc(1, 15, 21), {hours(22)}), "2026-01-16T21:00:00Z");
    EXPECT_EQ(next(utc(1, 15, 21) - std::chrono::milliseconds(1), {hours(22)}),
              "2026-01-15T21:00:00Z");
}

// 02:00 is 03:00 at once: who waits for 02:30 comes at 03:00, who waits for 04:00 an hour early.
TEST_F(LocalTime, InSpringAnHourIsNotThere) {
    const WallTime evening = utc(3, 28, 21);
    EXPECT_EQ(next(evening, {hours(2) + minutes(30)}), "2026-03-29T01:00:00Z");
    EXPECT_EQ(local_time_of_day(utc(3, 29, 1)), hours(3));
    EXPECT_EQ(next(evening, {hours(4)}), "2026-03-29T01:00:00Z");
    EXPECT_EQ(next(utc(3, 29, 1), {hours(4)}), "2026-03-29T02:00:00Z");
}

// 03:00 is 02:00 again: 02:30 comes twice.
TEST_F(LocalTime, InAutumnAnHourIsThereTwice) {
    const minutes half_past_two = hours(2) + minutes(30);
    EXPECT_EQ(next(utc(10, 24, 22), {half_past_two}), "2026-10-25T00:30:00Z");
    EXPECT_EQ(next(utc(10, 25, 0, 30), {half_past_two}), "2026-10-25T01:00:00Z");
    EXPECT_EQ(local_time_of_day(utc(10, 25, 1)), hours(2));
    EXPECT_EQ(next(utc(10, 25, 1), {half_past_two}), "2026-10-25T01:30:00Z");
}

}  // namespace
}  // namespace portal
