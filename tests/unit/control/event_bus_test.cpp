#include "control/event_bus.h"

#include <gmock/gmock.h>

#include <optional>

#include "unit/control/fakes.h"

namespace portal::control::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class EventBusTest : public testing::Test {
  protected:
    void publish(EventType type, int times = 1) {
        for (int i = 0; i < times; ++i)
            bus.publish({.type = type, .detail = std::to_string(++number_)});
    }

    FakeClock clock;
    EventBus bus{clock};

  private:
    int number_ = -1;
};

TEST_F(EventBusTest, ASlowWatcherIsToldHowManyItLost) {
    int woken = 0;
    auto slow = bus.subscribe(2, [&] { ++woken; });
    publish(EventType::sign_in, 4);
    publish(EventType::sign_out);
    EXPECT_EQ(woken, 5);
    auto batch = slow.take();
    ASSERT_EQ(batch.events.size(), 2U);
    EXPECT_EQ(batch.events[0].detail, "0");
    EXPECT_EQ(batch.events[1].detail, "1");
    EXPECT_EQ(batch.events[1].id, batch.events[0].id + 1);
    EXPECT_THAT(batch.lost, ElementsAre(Pair(EventType::sign_in, 2), Pair(EventType::sign_out, 1)));
    publish(EventType::sign_in);
    batch = slow.take();
    ASSERT_EQ(batch.events.size(), 1U);
    EXPECT_EQ(batch.events[0].detail, "5");
    EXPECT_THAT(batch.lost, IsEmpty());
}

TEST_F(EventBusTest, WatchersDoNotDisturbEachOther) {
    auto quick = bus.subscribe(10, [] {});
    auto slow = bus.subscribe(1, [] {});
    publish(EventType::sign_in, 2);
    EXPECT_EQ(quick.take().events.size(), 2U);
    EXPECT_THAT(slow.take().lost, ElementsAre(Pair(EventType::sign_in, 1)));
}

TEST_F(EventBusTest, AWatcherMayGoAndComeWhileItIsWoken) {
    std::optional<EventBus::Subscription> first;
    std::optional<EventBus::Subscription> second;
    first = bus.subscribe(1, [&] {
        second = bus.subscribe(1, [] {});
        first.reset();
    });
    publish(EventType::sign_in);
    EXPECT_EQ(bus.subscribers(), 1U);
    EXPECT_TRUE(second->take().events.empty());
    publish(EventType::sign_in);
    EXPECT_EQ(second->take().events.size(), 1U);
}

TEST_F(EventBusTest, AFloodIsToldAtItsRateAndTheRestIsCounted) {
    auto watcher = bus.subscribe(10'000, [] {});
    publish(EventType::stranger, EventRate::kBurst + 30);
    EXPECT_EQ(watcher.take().events.size(), std::size_t{EventRate::kBurst});
    clock.advance(Seconds(1));
    publish(EventType::stranger, EventRate::kPerSecond + 20);
    EXPECT_EQ(watcher.take().events.size(), std::size_t{EventRate::kPerSecond});

    bus.leave_out(EventType::flood, 7);
    bus.leave_out(EventType::forgery, 0);
    bus.tell_losses();
    bus.tell_losses();
    const auto told = watcher.take().events;
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].type, EventType::lost);
    EXPECT_THAT(told[0].lost,
                ElementsAre(Pair(EventType::stranger, 50), Pair(EventType::flood, 7)));
    EXPECT_EQ(describe(told[0]), "lost 50 stranger 7 flood");
}

TEST_F(EventBusTest, TypesHaveARateEach) {
    auto watcher = bus.subscribe(10'000, [] {});
    publish(EventType::stranger, 2 * EventRate::kBurst);
    watcher.take();
    for (const EventType type : {EventType::denial, EventType::forgery, EventType::flood}) {
        publish(type, 2 * EventRate::kBurst);
        EXPECT_EQ(watcher.take().events.size(), std::size_t{EventRate::kBurst}) << to_string(type);
    }
    for (const EventType type :
         {EventType::sign_in, EventType::sign_out, EventType::expiry, EventType::quota,
          EventType::blocked, EventType::program_detached, EventType::responder}) {
        publish(type, 5 * EventRate::kBurst);
        EXPECT_EQ(watcher.take().events.size(), std::size_t{5 * EventRate::kBurst})
            << to_string(type);
    }
}

// Nor does a flood take the place of a sign-in where it waits to be read.
TEST_F(EventBusTest, HalfOfAQueueIsForWhatNobodyCanCauseAtWill) {
    auto slow = bus.subscribe(8, [] {});
    publish(EventType::flood, 100);
    publish(EventType::sign_in, 4);
    const auto batch = slow.take();
    EXPECT_EQ(batch.events.size(), 8U);
    EXPECT_THAT(batch.lost, ElementsAre(Pair(EventType::flood, 96)));
}

TEST_F(EventBusTest, AWatcherThatComesBackGetsWhatItMissed) {
    auto first = bus.subscribe(10, [] {});
    publish(EventType::sign_in, 3);
    const auto seen = first.take().events;
    auto again = bus.subscribe(
        10, [] {}, seen[0].id);
    EXPECT_EQ(again.take().events.size(), 2U);
    EXPECT_THAT(bus.subscribe(
                       10, [] {}, seen[2].id)
                    .take()
                    .events,
                IsEmpty());
    EXPECT_THAT(bus.subscribe(10, [] {}).take().events, IsEmpty());

    publish(EventType::sign_in, 2 * EventBus::kBacklog);
    EXPECT_EQ(bus.subscribe(
                     1000, [] {}, 0)
                  .take()
                  .events.size(),
              EventBus::kBacklog);
    // A later daemon's numbers are higher, whatever the former has told.
    clock.advance(Seconds(1));
    EventBus later(clock);
    auto watcher = later.subscribe(1, [] {});
    later.publish({.type = EventType::sign_in});
    EXPECT_GT(watcher.take().events.at(0).id, again.take().events.at(0).id);
}

}  // namespace

}  // namespace portal::control::test
