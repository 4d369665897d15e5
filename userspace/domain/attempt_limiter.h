// How often one may fail to sign in: a limit of failures in a sliding hour, for each client, and
// for each account whichever client tries.
//
// Time is counted in steps of two minutes, and a step counts until all of it is an hour old: a
// failure is forgotten after 60 to 62 minutes.
//
// Memory is bounded by the number of records, one a key. Where it is full, the record with the
// fewest failures gives way, of those the one that failed longest ago. So who rotates MAC addresses
// pushes out the throw-away ones; to erase the record of one at its limit, all others must be
// driven to the limit first, and each failure costs a check. A success erases nothing
// but its own attempt, or an account of one's own would buy guesses at another's.
//
// No clock, no lock: the caller passes the time, which never goes back, and is one thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/duration.h"
#include "domain/client.h"

namespace portal {

template <typename Key>
class AttemptLimiter {
  public:
    static constexpr std::size_t kRecords = 16384;

    explicit AttemptLimiter(std::uint32_t failures_per_hour, std::size_t records = kRecords);

    void set_limit(std::uint32_t failures_per_hour) { limit_ = failures_per_hour; }

    // How long `key` must wait before it may try; 0: not at all. Rounded up.
    Seconds retry_after(const Key& key, MonotonicTime now) const;

    // Failures within the hour.
    std::uint32_t failures(const Key& key, MonotonicTime now) const;

    // Counts an attempt as failed. Call it when the attempt begins, so that attempts under way at
    // the same time count as well, and take_back() if it was no failure in the end.
    void count(const Key& key, MonotonicTime now);
    void take_back(const Key& key, MonotonicTime now);

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
    std::size_t most_;
    std::map<Key, Record> records_;
};

using ClientAttemptLimiter = AttemptLimiter<ClientId>;
// By the account's name; see account_key().
using AccountAttemptLimiter = AttemptLimiter<std::string>;

// What stands for an account in a limiter: its name without regard to ASCII case.
std::string account_key(std::string_view user);

}  // namespace portal
