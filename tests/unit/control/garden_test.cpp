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
    Garden garden{store, gate};
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

}  // namespace

}  // namespace portal::control::test
