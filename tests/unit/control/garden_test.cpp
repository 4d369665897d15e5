#include "control/garden.h"

#include <gtest/gtest.h>

#include "fakes.h"

namespace portal::control::test {

namespace {

GardenRule rule(std::string_view text) {
    return parse_garden_rule(text).value();
}

class GardenTest : public testing::Test {
  protected:
    FakeGardenStore store;
    FakeGate gate;
    FakeClock clock;
    Garden garden{store, gate, clock};

    void learn(std::string_view name, std::initializer_list<std::string_view> addresses,
               Seconds ttl = Seconds(600)) {
        std::vector<IpAddress> list;
        for (const std::string_view address : addresses)
            list.push_back(ip(address));
        garden.learn(name, ttl, list);
    }
    bool open(std::string_view address) const { return gate.names.contains(ip(address)); }
    std::vector<PortRule> ports(std::string_view address) const {
        return gate.names.at(ip(address)).ports;
    }
};

TEST_F(GardenTest, HoldsBothSources) {
    store.rules.insert(rule("203.0.113.7:443"));
    ASSERT_TRUE(garden.start({rule("198.51.100.0/24")}));
    EXPECT_EQ(gate.garden.size(), 2U);
    const auto entries = garden.list();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].source, Garden::Source::config);
    EXPECT_EQ(entries[1].source, Garden::Source::added);
}

TEST_F(GardenTest, AddsOnceAndErasesOnlyItsOwn) {
    ASSERT_TRUE(garden.start({rule("198.51.100.0/24")}));
    ASSERT_TRUE(garden.add(rule("203.0.113.7")));
    EXPECT_EQ(garden.add(rule("203.0.113.7")).error().code, ErrorCode::conflict);
    EXPECT_EQ(garden.add(rule("198.51.100.0/24")).error().code, ErrorCode::conflict);
    EXPECT_EQ(garden.erase(rule("198.51.100.0/24")).error().code, ErrorCode::conflict);
    EXPECT_EQ(garden.erase(rule("192.0.2.1")).error().code, ErrorCode::not_found);
    ASSERT_TRUE(garden.erase(rule("203.0.113.7")));
    EXPECT_EQ(gate.garden.size(), 1U);
    EXPECT_TRUE(store.rules.empty());
}

TEST_F(GardenTest, WhatDoesNotFitIsTakenBack) {
    ASSERT_TRUE(garden.start({}));
    for (std::size_t port = 1; port <= kGardenPorts; ++port)
        ASSERT_TRUE(garden.add(rule("203.0.113.7:" + std::to_string(port))));
    EXPECT_EQ(garden.add(rule("203.0.113.7:443")).error().code, ErrorCode::full);
    EXPECT_EQ(store.rules.size(), kGardenPorts);
    EXPECT_EQ(garden.list().size(), kGardenPorts);
}

TEST_F(GardenTest, FailuresChangeNothing) {
    ASSERT_TRUE(garden.start({rule("198.51.100.0/24")}));
    ASSERT_TRUE(garden.add(rule("203.0.113.7")));
    gate.failing = true;
    EXPECT_FALSE(garden.add(rule("203.0.113.8")));
    EXPECT_FALSE(garden.erase(rule("203.0.113.7")));
    EXPECT_FALSE(garden.configure({}));
    EXPECT_EQ(store.rules.size(), 1U);
    EXPECT_EQ(garden.list().size(), 2U);
    gate.failing = false;
    store.failing = true;
    EXPECT_FALSE(garden.add(rule("203.0.113.8")));
    EXPECT_EQ(gate.garden.size(), 2U);
    EXPECT_EQ(garden.list().size(), 2U);
}

TEST_F(GardenTest, ANameOpensWhatItLeadsTo) {
    ASSERT_TRUE(garden.start({rule("pay.example.com:443"), rule("*.example.org")}));
    EXPECT_TRUE(gate.watching);
    EXPECT_TRUE(gate.garden.empty());
    learn("pay.example.com", {"203.0.113.7", "2001:db8::7"});
    EXPECT_EQ(ports("203.0.113.7"), std::vector{PortRule{443}});
    EXPECT_EQ(ports("2001:db8::7"), std::vector{PortRule{443}});
    learn("a.b.example.org", {"203.0.113.8"});
    EXPECT_TRUE(ports("203.0.113.8").empty());
    for (const char* other : {"example.org", "example.com", "x.pay.example.com", "evilexample.org",
                              "pay.example.com.evil.test", "org", ""})
        learn(other, {"203.0.113.66"});
    EXPECT_FALSE(open("203.0.113.66"));
    // An address of two names opens what both do.
    learn("a.example.org", {"203.0.113.7"});
    EXPECT_TRUE(ports("203.0.113.7").empty());
}

TEST_F(GardenTest, NamesLeadToNoPlaceThatIsNobodysOrPrivate) {
    ASSERT_TRUE(garden.start({rule("pay.example.com")}));
    learn("pay.example.com", {"127.0.0.1", "169.254.1.1", "fe80::1", "ff02::1", "0.0.0.0",
                              "::", "10.0.0.1", "192.168.1.1", "fd00::1", "203.0.113.7"});
    EXPECT_EQ(gate.names.size(), 1U);
    garden.set_policy({.allow_private = true});
    learn("pay.example.com", {"127.0.0.1", "169.254.1.1", "fe80::1", "10.0.0.1", "fd00::1"});
    EXPECT_TRUE(open("10.0.0.1"));
    EXPECT_TRUE(open("fd00::1"));
    EXPECT_EQ(gate.names.size(), 3U);
}

TEST_F(GardenTest, AnswersCountForTheirTtlWithinBounds) {
    ASSERT_TRUE(garden.start({rule("pay.example.com")}));
    learn("pay.example.com", {"203.0.113.1"}, Seconds(1));
    learn("pay.example.com", {"203.0.113.2"}, Seconds(600));
    learn("pay.example.com", {"203.0.113.3"}, std::chrono::weeks(1));
    EXPECT_EQ(garden.list().front().learnt.at(1).lapses_at, clock.wall() + Seconds(600));
    clock.advance(Seconds(299));
    garden.lapse();
    EXPECT_EQ(gate.names.size(), 3U);
    clock.advance(Seconds(1));
    garden.lapse();
    EXPECT_FALSE(open("203.0.113.1"));
    clock.advance(Seconds(300));
    garden.lapse();
    EXPECT_FALSE(open("203.0.113.2"));
    clock.advance(std::chrono::hours(24) - Seconds(601));
    garden.lapse();
    EXPECT_TRUE(open("203.0.113.3"));
    clock.advance(Seconds(1));
    garden.lapse();
    EXPECT_TRUE(gate.names.empty());
}

TEST_F(GardenTest, ANameThatGoesTakesItsAddressesAlong) {
    std::vector<bool> told;
    garden.on_names([&](bool names) { told.push_back(names); });
    ASSERT_TRUE(garden.start({}));
    ASSERT_TRUE(garden.add(rule("pay.example.com:443")));
    ASSERT_TRUE(garden.add(rule("pay.example.com:80")));
    learn("pay.example.com", {"203.0.113.7"});
    EXPECT_EQ(ports("203.0.113.7").size(), 2U);
    ASSERT_TRUE(garden.erase(rule("pay.example.com:80")));
    EXPECT_EQ(ports("203.0.113.7"), std::vector{PortRule{443}});
    ASSERT_TRUE(garden.erase(rule("pay.example.com:443")));
    EXPECT_TRUE(gate.names.empty());
    EXPECT_FALSE(gate.watching);
    EXPECT_EQ(told.front(), false);
    EXPECT_EQ(told.back(), false);
    EXPECT_EQ(told.size(), 5U);
}

TEST_F(GardenTest, WhatWasLearntOutlivesARestart) {
    const auto opening = [&](std::string_view address, std::string_view name, Seconds left) {
        gate.names[ip(address)] = {.address = ip(address),
                                   .ports = {PortRule{1}},
                                   .until = clock.monotonic() + left,
                                   .name = parse_garden_name(name).value()};
    };
    opening("203.0.113.1", "pay.example.com", Seconds(60));
    opening("203.0.113.2", "gone.example.com", Seconds(60));
    opening("203.0.113.3", "pay.example.com", Seconds(0));
    ASSERT_TRUE(garden.start({rule("pay.example.com:443")}));
    EXPECT_EQ(gate.names.size(), 1U);
    EXPECT_EQ(ports("203.0.113.1"), std::vector{PortRule{443}});
    clock.advance(Seconds(60));
    garden.lapse();
    EXPECT_TRUE(gate.names.empty());
}

}  // namespace

}  // namespace portal::control::test
