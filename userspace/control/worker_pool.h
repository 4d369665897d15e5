// A few threads for work that would hold up the event loop, with a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace portal::control {

class WorkerPool {
  public:
    // What is left to do on the event loop once the work is done.
    using Completion = std::function<void()>;
    using Work = std::function<Completion()>;
    // Hands a completion to the event loop; called from the workers.
    using Post = std::function<void(Completion)>;

    // At most `capacity` pieces of work wait or run.
    WorkerPool(unsigned threads, std::size_t capacity, Post post);
    // Waits for the work that runs; what waits is dropped.
    ~WorkerPool();

    // False: there is no room. Any thread. `work` throws nothing.
    bool submit(Work work);

  private:
    void run(const std::stop_token& stop);

    const std::size_t capacity_;
    const Post post_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Work> waiting_;
    std::size_t running_ = 0;
    std::vector<std::jthread> threads_;
};

}  // namespace portal::control
