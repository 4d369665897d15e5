#include "portalctl/units.h"

#include <gtest/gtest.h>

#include <limits>

namespace portal::portalctl {

using namespace std::chrono_literals;

TEST(Units, Bytes) {
    EXPECT_EQ(human_bytes(0), "0 B");
    EXPECT_EQ(human_bytes(1023), "1023 B");
    EXPECT_EQ(human_bytes(1024), "1.0 KiB");
    EXPECT_EQ(human_bytes(1536), "1.5 KiB");
    EXPECT_EQ(human_bytes(20 << 20), "20 MiB");
    EXPECT_EQ(human_bytes(std::numeric_limits<std::uint64_t>::max()), "16 EiB");
}

TEST(Units, Durations) {
    EXPECT_EQ(human_duration(0s), "0s");
    EXPECT_EQ(human_duration(-5s), "0s");
    EXPECT_EQ(human_duration(59s), "59s");
    EXPECT_EQ(human_duration(61s), "1m1s");
    EXPECT_EQ(human_duration(7h + 59min + 58s), "7h59m");
    EXPECT_EQ(human_duration(49h + 5min + 1s), "2d1h");
}

TEST(Units, Nanoseconds) {
    EXPECT_EQ(human_nanoseconds(85.2), "85 ns");
    EXPECT_EQ(human_nanoseconds(1200), "1.2 us");
    EXPECT_EQ(human_nanoseconds(34e6), "34 ms");
    EXPECT_EQ(human_nanoseconds(5.1e9), "5.1 s");
}

TEST(Units, Rfc3339) {
    EXPECT_EQ(format_rfc3339(*parse_rfc3339("2026-01-31T08:09:10Z")), "2026-01-31T08:09:10Z");
    EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z")->time_since_epoch(), 0ms);
    EXPECT_EQ(parse_rfc3339("2026-01-31T08:09:10.5Z"), parse_rfc3339("2026-01-31T08:09:10Z"));
    for (const char* text : {"", "yesterday", "2026-01-31T08:09:10", "2026-02-30T08:09:10Z",
                             "2026-01-31 08:09:10Z", "2026-01-31T24:00:00Z", "2026-1-031T08:09:10Z",
                             "-026-01-31T08:09:10Z", "2026-01-31T08:09:10+01:00"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
}

}  // namespace portal::portalctl
