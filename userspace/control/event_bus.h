// Events from those who cause them to those who watch. What stations can cause at will is told at
// a bounded rate, and what is left out is counted. A watcher that does not keep up loses events,
// and is told how many: it never holds up the gate.
//
// One thread. Subscriptions may outlive the bus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "control/event.h"
#include "control/event_rate.h"

namespace portal::control {

class EventBus {
    struct Queue;

  public:
    using Losses = std::map<EventType, std::uint64_t>;

    // What is kept for watchers that come back.
    static constexpr std::size_t kBacklog = 256;

    class Subscription {
      public:
        // The events since the last take(), oldest first, and how many of which type there was no
        // room for meanwhile.
        struct Batch {
            std::vector<Event> events;
            Losses lost;
        };
        Batch take();

      private:
        friend class EventBus;
        explicit Subscription(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}

        std::shared_ptr<Queue> queue_;
    };

    // With the system's clock.
    EventBus();
    // `clock` outlives this.
    explicit EventBus(const Clock& clock);

    // Holds at most `capacity` events until they are taken; what stations can cause at will takes
    // no more than half of that. `wake` is called from publish() when there is something to take;
    // it may take it at once. With `after`, the id of the last event that a watcher has seen, those
    // since then that are still kept come first.
    Subscription subscribe(std::size_t capacity, std::function<void()> wake,
                           std::optional<std::uint64_t> after = {});

    void publish(Event event);

    // Counts as left out what others had to.
    void leave_out(EventType type, std::uint64_t count);
    // Publishes what was left out since the last call, if anything. To be called once a second.
    void tell_losses();

    std::size_t subscribers() const;

  private:
    struct Queue {
        std::size_t capacity;
        std::function<void()> wake;
        std::deque<Event> events;
        Losses lost;

        void push(const Event& event);
    };

    const Clock& clock_;
    EventRate rate_;
    Losses left_out_;
    std::uint64_t last_id_;
    std::deque<Event> backlog_;
    std::vector<std::weak_ptr<Queue>> queues_;
};

}  // namespace portal::control
