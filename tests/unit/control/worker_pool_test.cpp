#include "control/worker_pool.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>

namespace portal::control::test {

namespace {

// An event loop that runs what is posted on the thread that waits for it.
class Loop {
  public:
    WorkerPool::Post post() {
        return [this](WorkerPool::Completion completion) {
            {
                const std::lock_guard lock(mutex_);
                posted_.push_back(std::move(completion));
            }
            changed_.notify_all();
        };
    }
    void run_one() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !posted_.empty(); });
        const auto completion = std::move(posted_.front());
        posted_.pop_front();
        lock.unlock();
        completion();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<WorkerPool::Completion> posted_;
};

TEST(WorkerPool, WorksElsewhereAndCompletesHere) {
    Loop loop;
    WorkerPool pool(1, 4, loop.post());
    std::thread::id worked;
    std::thread::id completed;
    ASSERT_TRUE(pool.submit([&] {
        worked = std::this_thread::get_id();
        return [&] { completed = std::this_thread::get_id(); };
    }));
    loop.run_one();
    EXPECT_NE(worked, std::this_thread::get_id());
    EXPECT_EQ(completed, std::this_thread::get_id());
}

TEST(WorkerPool, RefusesMoreThanItsCapacity) {
    Loop loop;
    std::latch begun(1);
    std::latch go_on(1);
    WorkerPool pool(1, 2, loop.post());
    ASSERT_TRUE(pool.submit([&] {
        begun.count_down();
        go_on.wait();
        return [] {};
    }));
    begun.wait();
    const auto idle = [] { return [] {}; };
    EXPECT_TRUE(pool.submit(idle));
    EXPECT_FALSE(pool.submit(idle));
    go_on.count_down();
    loop.run_one();
    loop.run_one();
}

}  // namespace

}  // namespace portal::control::test
