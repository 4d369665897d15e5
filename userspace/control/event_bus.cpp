#include "control/event_bus.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace portal::control {

namespace {

const SystemClock kSystemClock;

}  // namespace

EventBus::Subscription::Batch EventBus::Subscription::take() {
    Batch batch;
    batch.events.assign(std::make_move_iterator(queue_->events.begin()),
                        std::make_move_iterator(queue_->events.end()));
    queue_->events.clear();
    batch.lost = std::exchange(queue_->lost, {});
    return batch;
}

void EventBus::Queue::push(const Event& event) {
    const std::size_t room = is_unbidden(event.type) ? (capacity + 1) / 2 : capacity;
    if (events.size() < room)
        events.push_back(event);
    else
        ++lost[event.type];
}

EventBus::EventBus() : EventBus(kSystemClock) {}

// Ids begin with the time, in microseconds: a later daemon's are higher.
EventBus::EventBus(const Clock& clock)
    : clock_(clock),
      last_id_(static_cast<std::uint64_t>(
          std::chrono::microseconds(clock.wall().time_since_epoch()).count())) {}

EventBus::Subscription EventBus::subscribe(std::size_t capacity, std::function<void()> wake,
                                           std::optional<std::uint64_t> after) {
    auto queue = std::make_shared<Queue>(capacity, std::move(wake));
    if (after)
        for (const Event& event : backlog_)
            if (event.id > *after) queue->push(event);
    queues_.push_back(queue);
    return Subscription(std::move(queue));
}

void EventBus::publish(Event event) {
    if (!rate_.admit(event.type, clock_.monotonic())) {
        ++left_out_[event.type];
        return;
    }
    event.id = ++last_id_;
    std::erase_if(queues_, [](const auto& queue) { return queue.expired(); });
    // A copy: waking a watcher may end or begin subscriptions.
    const auto queues = queues_;
    for (const auto& weak : queues) {
        const auto queue = weak.lock();
        if (!queue) continue;
        queue->push(event);
        queue->wake();
    }
    if (backlog_.size() == kBacklog) backlog_.pop_front();
    backlog_.push_back(std::move(event));
}

void EventBus::leave_out(EventType type, std::uint64_t count) {
    if (count != 0) left_out_[type] += count;
}

void EventBus::tell_losses() {
    if (left_out_.empty()) return;
    publish({.time = clock_.wall(), .type = EventType::lost, .lost = std::exchange(left_out_, {})});
}

std::size_t EventBus::subscribers() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(queues_, [](const auto& queue) { return !queue.expired(); }));
}

}  // namespace portal::control
