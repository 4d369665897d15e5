#include "control/wall_timer.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "base/clock.h"

namespace portal::control {
namespace {

class WallTimerTest : public testing::Test {
  protected:
    boost::asio::io_context context;
    int calls = 0;
    std::unique_ptr<WallTimer> timer = WallTimer::create(context, [this] { ++calls; }).value();
    SystemClock clock;
};

TEST_F(WallTimerTest, CallsOnceAtItsMoment) {
    ASSERT_TRUE(timer->set(clock.wall() + std::chrono::milliseconds(20)));
    EXPECT_EQ(calls, 0);
    context.run_one();
    EXPECT_EQ(calls, 1);
    context.poll();
    EXPECT_EQ(calls, 1);
}

TEST_F(WallTimerTest, AMomentThatIsOverHasCome) {
    ASSERT_TRUE(timer->set(clock.wall() - std::chrono::hours(1)));
    context.run_one();
    EXPECT_EQ(calls, 1);
}

TEST_F(WallTimerTest, ALaterMomentTakesThePlaceOfTheOneBefore) {
    ASSERT_TRUE(timer->set(clock.wall() - std::chrono::hours(1)));
    ASSERT_TRUE(timer->set(clock.wall() + std::chrono::hours(1)));
    context.poll();
    EXPECT_EQ(calls, 0);
    ASSERT_TRUE(timer->set(std::nullopt));
    context.poll();
    EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace portal::control
