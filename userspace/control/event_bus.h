// Events from those who cause them to those who watch. A watcher that does not keep up loses
// events, and is told how many: it never holds up the gate.
//
// One thread. Subscriptions may outlive the bus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "control/event.h"

namespace portal::control {

class EventBus {
    struct Queue;

  public:
    class Subscription {
      public:
        // The events since the last take(), oldest first, and how many came after them that there
        // was no room for.
        struct Batch {
            std::vector<Event> events;
            std::uint64_t lost = 0;
        };
        Batch take();

      private:
        friend class EventBus;
        explicit Subscription(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}

        std::shared_ptr<Queue> queue_;
    };

    // Holds at most `capacity` events until they are taken. `wake` is called from publish() when
    // there is something to take; it may take it at once.
    Subscription subscribe(std::size_t capacity, std::function<void()> wake);

    void publish(Event event);

    std::size_t subscribers() const;

  private:
    struct Queue {
        std::size_t capacity;
        std::function<void()> wake;
        std::deque<Event> events;
        std::uint64_t lost = 0;
    };

    std::vector<std::weak_ptr<Queue>> queues_;
};

}  // namespace portal::control
