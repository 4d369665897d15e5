#include "control/worker_pool.h"

#include <utility>

namespace portal::control {

WorkerPool::WorkerPool(unsigned threads, std::size_t capacity, Post post)
    : capacity_(capacity), post_(std::move(post)) {
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

WorkerPool::~WorkerPool() {
    for (std::jthread& thread : threads_)
        thread.request_stop();
}

bool WorkerPool::submit(Work work) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() + running_ >= capacity_) return false;
        waiting_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
}

void WorkerPool::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
        if (stop.stop_requested()) return;
        const Work work = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        lock.unlock();
        post_(work());
        lock.lock();
        --running_;
    }
}

}  // namespace portal::control
