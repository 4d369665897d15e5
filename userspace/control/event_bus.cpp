#include "control/event_bus.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portal::control {

EventBus::Subscription::Batch EventBus::Subscription::take() {
    Batch batch;
    batch.events.assign(std::make_move_iterator(queue_->events.begin()),
                        std::make_move_iterator(queue_->events.end()));
    queue_->events.clear();
    batch.lost = std::exchange(queue_->lost, 0);
    return batch;
}

EventBus::Subscription EventBus::subscribe(std::size_t capacity, std::function<void()> wake) {
    auto queue = std::make_shared<Queue>(capacity, std::move(wake));
    queues_.push_back(queue);
    return Subscription(std::move(queue));
}

void EventBus::publish(Event event) {
    std::erase_if(queues_, [](const auto& queue) { return queue.expired(); });
    // A copy: waking a watcher may end or begin subscriptions.
    const auto queues = queues_;
    for (const auto& weak : queues) {
        const auto queue = weak.lock();
        if (!queue) continue;
        if (queue->events.size() < queue->capacity)
            queue->events.push_back(event);
        else
            ++queue->lost;
        queue->wake();
    }
}

std::size_t EventBus::subscribers() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(queues_, [](const auto& queue) { return !queue.expired(); }));
}

}  // namespace portal::control
