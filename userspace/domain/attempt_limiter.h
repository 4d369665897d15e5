// How often a client may fail to sign in: a limit of failures in a sliding hour.
//
// Time is counted in steps of two minutes, and a step counts until all of it is an hour old: a
// failure is forgotten after 60 to 62 minutes.
//
// Memory is bounded by the number of clients. Where it is full, the record with the fewest
// failures gives way, of those the one that failed longest ago. So who rotates MAC addresses
// pushes out the throw-away ones; to erase the record of a client at its limit, all others must
// be driven to the limit first, and each failure costs a password check. A success erases nothing
// but its own attempt, or an account of one's own would buy guesses at another's.
//
// No clock, no lock: the caller passes the time, which never goes back, and is one thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>

#include "base/clock.h"
#include "base/duration.h"
#include "domain/client.h"

namespace portal {

class AttemptLimiter {
  public:
    static constexpr std::size_t kClients = 16384;

    explicit AttemptLimiter(std::uint32_t failures_per_hour, std::size_t clients = kClients);

    void set_limit(std::uint32_t failures_per_hour) { limit_ = failures_per_hour; }

    // How long the client must wait before it may try; 0: not at all. Rounded up.
    Seconds retry_after(const ClientId& client, MonotonicTime now) const;

    // Counts an attempt as failed. Call it when the attempt begins, so that attempts under way at
    // the same time count as well, and take_back() if it was no failure in the end.
    void count(const ClientId& client, MonotonicTime now);
    void take_back(const ClientId& client, MonotonicTime now);

    std::size_t size() const { return records_.size(); }

  private:
    using Step = std::chrono::duration<std::int64_t, std::ratio<120>>;
    static constexpr std::size_t kSteps = 31;  // the current one, and an hour

    // Failures in each of the last kSteps steps, at index step % kSteps.
    struct Record {
        std::array<std::uint32_t, kSteps> failures{};
        std::int64_t newest = 0;  // the step counted last

        std::uint32_t at(std::int64_t step) const;
        std::uint64_t total(std::int64_t now) const;
        void advance(std::int64_t now);
    };

    static std::int64_t step_of(MonotonicTime time);
    void make_room(std::int64_t now);

    std::uint32_t limit_;
    std::size_t clients_;
    std::map<ClientId, Record> records_;
};

}  // namespace portal
