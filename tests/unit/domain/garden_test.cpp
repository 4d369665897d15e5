#include "domain/garden.h"

#include <gmock/gmock.h>

namespace portal {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Field;
using testing::IsEmpty;

std::vector<GardenRule> rules(std::initializer_list<std::string_view> texts) {
    std::vector<GardenRule> list;
    for (const std::string_view text : texts)
        list.push_back(parse_garden_rule(text).value());
    return list;
}

// The compiled ports of a prefix that must be among `entries`.
std::vector<PortRule> ports_of(const std::vector<GardenEntry>& entries, std::string_view prefix) {
    for (const GardenEntry& entry : entries)
        if (entry.prefix == parse_prefix(prefix).value()) return entry.ports;
    ADD_FAILURE() << prefix << " is not in the garden";
    return {};
}

constexpr PortRule tcp(std::uint16_t port) {
    return {port, Protocol::tcp};
}
constexpr PortRule udp(std::uint16_t port) {
    return {port, Protocol::udp};
}

TEST(GardenRule, WritesWhatItRead) {
    for (const std::string_view text :
         {"203.0.113.0/24", "203.0.113.7", "203.0.113.7:443", "203.0.113.0/24:53/udp",
          "2001:db8::/32", "2001:db8::1", "[2001:db8::1]:853/udp", "[2001:db8::/32]:443",
          "pay.example.com", "pay.example.com:443", "*.example.org:853/udp"})
        EXPECT_EQ(parse_garden_rule(text).value().to_string(), text);
    EXPECT_EQ(parse_garden_rule("203.0.113.7:443/tcp").value().to_string(), "203.0.113.7:443");
    EXPECT_EQ(parse_garden_rule("[2001:db8::1]").value().to_string(), "2001:db8::1");
}

TEST(GardenRule, RefusesMalformedText) {
    for (const std::string_view text :
         {"", "com", "*.com:443", "pay.example.com:", "pay.example.com/24",
          "203.0.113.7:", "203.0.113.7:0", "203.0.113.7:65536", "203.0.113.7:443/",
          "203.0.113.7:443/sctp", "203.0.113.7:443:443", "[2001:db8::1", "[2001:db8::1]443",
          "[2001:db8::1]:", "[]:443", "203.0.113.1/24", "203.0.113.7 :443", ":443"}) {
        const auto rule = parse_garden_rule(text);
        ASSERT_FALSE(rule) << text;
        EXPECT_EQ(rule.error().code, ErrorCode::invalid) << text;
        EXPECT_FALSE(rule.error().hint.empty()) << text;
    }
}

TEST(GardenRule, KeepsIPv6FromHoldingIPv4) {
    for (const std::string_view text : {"::/0", "::/80", "[::/64]:443"})
        EXPECT_FALSE(parse_garden_rule(text)) << text;
    for (const std::string_view text : {"0.0.0.0/0", "2000::/3", "8000::/1", "::/96"})
        EXPECT_TRUE(parse_garden_rule(text)) << text;
}

TEST(PortRule, TakesTcpUnlessToldOtherwise) {
    EXPECT_EQ(parse_port_rule("443").value(), tcp(443));
    EXPECT_EQ(parse_port_rule("443/tcp").value(), tcp(443));
    EXPECT_EQ(parse_port_rule("53/udp").value(), udp(53));
    for (const std::string_view text : {"", "/udp", "0", "-1", "65536", "53/UDP", "53 /udp", "dns"})
        EXPECT_FALSE(parse_port_rule(text)) << text;
}

TEST(CompileGarden, SortsAndMergesEqualPrefixes) {
    const auto entries =
        compile_garden(rules({"203.0.113.0/24:443", "198.51.100.0/24", "203.0.113.0/24:80"}))
            .value()
            .entries;
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_LT(entries[0].prefix, entries[1].prefix);
    EXPECT_THAT(ports_of(entries, "198.51.100.0/24"), IsEmpty());
    EXPECT_THAT(ports_of(entries, "203.0.113.0/24"), ElementsAre(tcp(80), tcp(443)));
}

TEST(CompileGarden, InnerPrefixesTakeThePortsAroundThem) {
    const auto entries =
        compile_garden(rules({"203.0.113.7:443", "203.0.0.0/16:80", "203.0.113.0/24:53/udp"}))
            .value()
            .entries;
    EXPECT_THAT(ports_of(entries, "203.0.0.0/16"), ElementsAre(tcp(80)));
    EXPECT_THAT(ports_of(entries, "203.0.113.0/24"), ElementsAre(udp(53), tcp(80)));
    EXPECT_THAT(ports_of(entries, "203.0.113.7"), ElementsAre(udp(53), tcp(80), tcp(443)));
}

TEST(CompileGarden, AnOpenPrefixOpensWhatIsInside) {
    const auto entries =
        compile_garden(rules({"203.0.113.7:443", "203.0.113.0/24", "203.0.114.1:443"}))
            .value()
            .entries;
    EXPECT_THAT(ports_of(entries, "203.0.113.7"), IsEmpty());
    EXPECT_THAT(ports_of(entries, "203.0.114.1"), ElementsAre(tcp(443)));
}

TEST(CompileGarden, SiblingsDoNotShare) {
    const auto entries =
        compile_garden(rules({"10.0.0.0/8:80", "10.0.0.0/24:443", "10.1.0.0/16:8080"}))
            .value()
            .entries;
    EXPECT_THAT(ports_of(entries, "10.1.0.0/16"), ElementsAre(tcp(80), tcp(8080)));
}

TEST(CompileGarden, HoldsAsManyPortsAsTheDataplane) {
    std::vector<GardenRule> many;
    for (std::uint16_t port = 1; port <= kGardenPorts; ++port)
        many.push_back({parse_prefix("203.0.113.0/24").value(), tcp(port)});
    EXPECT_EQ(compile_garden(many).value().entries.front().ports.size(), kGardenPorts);
    many.push_back({parse_prefix("203.0.113.0/24").value(), udp(1)});
    EXPECT_THAT(compile_garden(many).error(), Field(&Error::code, Eq(ErrorCode::full)));
}

TEST(CompileGarden, EndsAtItsMostEntries) {
    std::vector<GardenRule> many;
    for (std::size_t i = 0; i < kGardenEntries; ++i) {
        Prefix prefix = parse_prefix("10.0.0.0").value();
        prefix.address.bytes[14] = static_cast<std::uint8_t>(i >> 8);
        prefix.address.bytes[15] = static_cast<std::uint8_t>(i);
        many.push_back({prefix, std::nullopt});
    }
    EXPECT_EQ(compile_garden(many).value().entries.size(), kGardenEntries);
    many.push_back({parse_prefix("203.0.113.0/24").value(), std::nullopt});
    EXPECT_EQ(compile_garden(many).error().code, ErrorCode::full);
}

TEST(CompileGarden, NamesStandBesideThePrefixes) {
    const auto garden =
        compile_garden(rules({"203.0.113.0/24", "pay.example.com:443", "pay.example.com:80",
                              "*.example.org", "*.example.org:443"}))
            .value();
    EXPECT_EQ(garden.entries.size(), 1U);
    ASSERT_EQ(garden.names.size(), 2U);
    const GardenName pay{"pay.example.com", false};
    const GardenName all{"example.org", true};
    EXPECT_THAT(garden.names.at(pay), ElementsAre(tcp(80), tcp(443)));
    EXPECT_THAT(garden.names.at(all), IsEmpty());
    EXPECT_THAT(ports_of(garden.names, std::vector{pay}), ElementsAre(tcp(80), tcp(443)));
    EXPECT_THAT(ports_of(garden.names, std::vector{pay, all}), IsEmpty());
}

TEST(CompileGarden, NamesHaveBoundsOfTheirOwn) {
    std::vector<GardenRule> many;
    for (std::size_t i = 0; i < kGardenNames; ++i)
        many.push_back({GardenName{"n" + std::to_string(i) + ".example", false}, tcp(443)});
    EXPECT_TRUE(compile_garden(many));
    many.push_back({GardenName{"example.org", true}, tcp(443)});
    EXPECT_EQ(compile_garden(many).error().code, ErrorCode::full);
    many.resize(1);
    for (std::uint16_t port = 1; port <= kGardenPorts; ++port)
        many.push_back({many.front().place, tcp(port)});
    EXPECT_EQ(compile_garden(many).error().code, ErrorCode::full);
}

TEST(CompileGarden, NothingOfNothing) {
    EXPECT_THAT(compile_garden({}).value().entries, IsEmpty());
}

}  // namespace
}  // namespace portal
