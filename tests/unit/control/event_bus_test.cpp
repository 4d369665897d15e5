#include "control/event_bus.h"

#include <gmock/gmock.h>

#include <optional>

namespace portal::control::test {

namespace {

Event numbered(int number) {
    Event event;
    event.detail = std::to_string(number);
    return event;
}

TEST(EventBus, ASlowWatcherIsToldHowManyItLost) {
    EventBus bus;
    int woken = 0;
    auto slow = bus.subscribe(2, [&] { ++woken; });
    for (int i = 0; i < 5; ++i)
        bus.publish(numbered(i));
    EXPECT_EQ(woken, 5);
    auto batch = slow.take();
    ASSERT_EQ(batch.events.size(), 2U);
    EXPECT_EQ(batch.events[0].detail, "0");
    EXPECT_EQ(batch.events[1].detail, "1");
    EXPECT_EQ(batch.lost, 3U);
    bus.publish(numbered(9));
    batch = slow.take();
    ASSERT_EQ(batch.events.size(), 1U);
    EXPECT_EQ(batch.events[0].detail, "9");
    EXPECT_EQ(batch.lost, 0U);
}

TEST(EventBus, WatchersDoNotDisturbEachOther) {
    EventBus bus;
    auto quick = bus.subscribe(10, [] {});
    auto slow = bus.subscribe(1, [] {});
    bus.publish(numbered(1));
    bus.publish(numbered(2));
    EXPECT_EQ(quick.take().events.size(), 2U);
    EXPECT_EQ(slow.take().lost, 1U);
}

TEST(EventBus, AWatcherMayGoAndComeWhileItIsWoken) {
    EventBus bus;
    std::optional<EventBus::Subscription> first;
    std::optional<EventBus::Subscription> second;
    first = bus.subscribe(1, [&] {
        second = bus.subscribe(1, [] {});
        first.reset();
    });
    bus.publish(numbered(1));
    EXPECT_EQ(bus.subscribers(), 1U);
    EXPECT_TRUE(second->take().events.empty());
    bus.publish(numbered(2));
    EXPECT_EQ(second->take().events.size(), 1U);
}

}  // namespace

}  // namespace portal::control::test
