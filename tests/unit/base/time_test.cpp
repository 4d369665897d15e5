#include "base/time.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

using namespace std::chrono_literals;

TEST(Rfc3339, WritesWholeSecondsInUtc) {
    EXPECT_EQ(format_rfc3339(WallTime{}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_rfc3339(WallTime(1'769'846'400'000ms)), "2026-01-31T08:00:00Z");
}

TEST(Rfc3339, RoundsDown) {
    EXPECT_EQ(format_rfc3339(WallTime(1'999ms)), "1970-01-01T00:00:01Z");
    EXPECT_EQ(format_rfc3339(WallTime(-1ms)), "1969-12-31T23:59:59Z");
}

TEST(Rfc3339, KnowsLeapDays) {
    EXPECT_EQ(format_rfc3339(std::chrono::sys_days(std::chrono::year(2028) / 2 / 29)),
              "2028-02-29T00:00:00Z");
}

}  // namespace
}  // namespace portal
