#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

IpAddress address(std::string_view text) {
    return parse_ip_address(text).value();
}
Prefix prefix(std::string_view text) {
    return parse_prefix(text).value();
}

TEST(IpAddress, ParsesAndWritesBothFamilies) {
    EXPECT_EQ(address("192.0.2.1").to_string(), "192.0.2.1");
    EXPECT_EQ(address("2001:DB8:0:0:0:0:0:1").to_string(), "2001:db8::1");
    EXPECT_EQ(address("192.0.2.1").to_url_host(), "192.0.2.1");
    EXPECT_EQ(address("2001:db8::1").to_url_host(), "[2001:db8::1]");
}

TEST(IpAddress, HoldsIpv4AsMappedIpv6) {
    EXPECT_EQ(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    EXPECT_TRUE(address("192.0.2.1").is_v4());
    EXPECT_FALSE(address("2001:db8::1").is_v4());
    EXPECT_FALSE(address("::").is_v4());
}

TEST(IpAddress, RefusesAnythingElse) {
    for (const std::string_view text :
         {"", "192.0.2", "192.0.2.256", "192.0.2.1 ", " 192.0.2.1", "192.0.2.01", "0x7f.0.0.1",
          "3221225985", "2001:db8::1::", "2001:db8::g", "[2001:db8::1]", "fe80::1%eth0",
          "localhost"})
        EXPECT_FALSE(parse_ip_address(text)) << text;
    EXPECT_FALSE(parse_ip_address(std::string_view("192.0.2.1\0x", 11)));
    EXPECT_FALSE(parse_ip_address(std::string(100'000, '1')));
}

TEST(IpAddress, KnowsItsKind) {
    EXPECT_TRUE(address("0.0.0.0").is_unspecified());
    EXPECT_TRUE(address("::").is_unspecified());
    EXPECT_FALSE(address("0.0.0.1").is_unspecified());
    EXPECT_TRUE(address("127.255.0.1").is_loopback());
    EXPECT_TRUE(address("::1").is_loopback());
    EXPECT_FALSE(address("128.0.0.1").is_loopback());
    EXPECT_TRUE(address("224.0.0.1").is_multicast());
    EXPECT_TRUE(address("239.255.255.255").is_multicast());
    EXPECT_FALSE(address("240.0.0.1").is_multicast());
    EXPECT_TRUE(address("ff02::1").is_multicast());
    EXPECT_TRUE(address("169.254.0.1").is_link_local());
    EXPECT_TRUE(address("fe80::1").is_link_local());
    EXPECT_TRUE(address("febf::1").is_link_local());
    EXPECT_FALSE(address("fec0::1").is_link_local());
}

TEST(Prefix, CountsLengthOver128Bits) {
    EXPECT_EQ(prefix("192.0.2.0/24").length, 120U);
    EXPECT_EQ(prefix("192.0.2.0/24").family_length(), 24U);
    EXPECT_EQ(prefix("0.0.0.0/0").length, 96U);
    EXPECT_EQ(prefix("2001:db8::/32").length, 32U);
    EXPECT_EQ(prefix("::/0").length, 0U);
    EXPECT_EQ(prefix("192.0.2.1").length, 128U);
}

TEST(Prefix, WritesWhatItRead) {
    for (const std::string_view text :
         {"192.0.2.0/24", "0.0.0.0/0", "192.0.2.1", "2001:db8::/32", "::/0", "2001:db8::1"})
        EXPECT_EQ(prefix(text).to_string(), text);
    EXPECT_EQ(prefix("192.0.2.1/32").to_string(), "192.0.2.1");
    EXPECT_EQ(prefix("2001:db8::1/128").to_string(), "2001:db8::1");
}

TEST(Prefix, RefusesBadLengthsAndStrayBits) {
    for (const std::string_view text :
         {"192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/+24", "192.0.2.0/24x",
          "192.0.2.0/4294967320", "2001:db8::/129", "/24", "192.0.2.1/24", "2001:db8::1/64",
          "192.0.2.0/24/24"})
        EXPECT_FALSE(parse_prefix(text)) << text;
    EXPECT_NE(parse_prefix("192.0.2.1/24").error().what.find("bits set after the prefix"),
              std::string::npos);
}

TEST(Prefix, ContainsWhatItCovers) {
    EXPECT_TRUE(prefix("192.0.2.0/24").contains(prefix("192.0.2.128/25")));
    EXPECT_TRUE(prefix("192.0.2.0/24").contains(prefix("192.0.2.0/24")));
    EXPECT_FALSE(prefix("192.0.2.128/25").contains(prefix("192.0.2.0/24")));
    EXPECT_FALSE(prefix("192.0.2.0/24").contains(prefix("192.0.3.1")));
    EXPECT_FALSE(prefix("2001:db8::/32").contains(prefix("192.0.2.1")));
}

}  // namespace
}  // namespace portal
