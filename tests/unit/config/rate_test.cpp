#include "config/rate.h"

#include <gtest/gtest.h>

namespace portal::config {
namespace {

TEST(Rate, ReadsAndWrites) {
    EXPECT_EQ(parse_rate("0").value(), 0U);
    EXPECT_EQ(parse_rate("20Mbit").value(), 20'000'000U);
    EXPECT_EQ(parse_rate("1Gbit").value(), 1'000'000'000U);
    EXPECT_EQ(parse_rate("1000Gbit").value(), 1'000'000'000'000U);
    EXPECT_EQ(format_rate(0), "0");
    for (const std::string_view text : {"1bit", "1500bit", "64kbit", "20Mbit", "10Gbit"})
        EXPECT_EQ(format_rate(parse_rate(text).value()), text);
}

TEST(Rate, RefusesTheRest) {
    for (const std::string_view text :
         {"", "20", "Mbit", "20mbit", "20 Mbit", "-1Mbit", "+1Mbit", "1.5Mbit", "20Mb", "20MB",
          "20Mbit ", "20Mbits", "1001Gbit", "18446744073709551616bit", "18446744073709551615Gbit"})
        EXPECT_FALSE(parse_rate(text)) << text;
}

TEST(ByteSize, ReadsAndWrites) {
    EXPECT_EQ(parse_byte_size("0").value(), 0U);
    EXPECT_EQ(parse_byte_size("5GB").value(), 5'000'000'000U);
    EXPECT_EQ(format_byte_size(0), "0");
    for (const std::string_view text : {"1B", "1500B", "64kB", "20MB", "10GB", "1000TB"})
        EXPECT_EQ(format_byte_size(parse_byte_size(text).value()), text);
}

TEST(ByteSize, RefusesTheRest) {
    for (const std::string_view text : {"", "5", "GB", "5gb", "5 GB", "-5GB", "5.5GB", "5Gbit",
                                        "5GiB", "1001TB", "99999999999999999999TB"})
        EXPECT_FALSE(parse_byte_size(text)) << text;
}

TEST(BudgetText, ReadsAndWrites) {
    EXPECT_EQ(parse_budget("0").value(), Budget{});
    EXPECT_EQ(parse_budget("10/s burst 100").value(), (Budget{10, 100}));
    for (const std::string_view text : {"0", "1/s burst 1", "10000000/s burst 10000000"})
        EXPECT_EQ(format_budget(parse_budget(text).value()), text);
}

TEST(BudgetText, RefusesTheRest) {
    for (const std::string_view text :
         {"", "10", "10/s", "10/s burst", "10/s burst 0", "0/s burst 1", "-1/s burst 1",
          "10/s  burst 1", "10/s burst 1 ", " 10/s burst 1", "10/m burst 1", "10000001/s burst 1",
          "1/s burst 10000001", "1/s burst 99999999999"})
        EXPECT_FALSE(parse_budget(text)) << text;
}

}  // namespace
}  // namespace portal::config
