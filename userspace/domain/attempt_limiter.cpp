#include "domain/attempt_limiter.h"

#include <algorithm>
#include <utility>

namespace portal {

std::int64_t AttemptLimiter::step_of(MonotonicTime time) {
    return std::chrono::floor<Step>(time).count();
}

std::uint32_t AttemptLimiter::Record::at(std::int64_t step) const {
    return failures[static_cast<std::size_t>(step) % kSteps];
}

std::uint64_t AttemptLimiter::Record::total(std::int64_t now) const {
    std::uint64_t sum = 0;
    const auto window = static_cast<std::int64_t>(kSteps);
    for (std::int64_t step = std::max(now, newest) - window + 1; step <= newest; ++step)
        sum += at(step);
    return sum;
}

void AttemptLimiter::Record::advance(std::int64_t now) {
    if (now - newest >= static_cast<std::int64_t>(kSteps)) {
        failures.fill(0);
        newest = now;
    }
    while (newest < now)
        failures[static_cast<std::size_t>(++newest) % kSteps] = 0;
}

AttemptLimiter::AttemptLimiter(std::uint32_t failures_per_hour, std::size_t clients)
    : limit_(failures_per_hour), clients_(std::max<std::size_t>(clients, 1)) {}

Seconds AttemptLimiter::retry_after(const ClientId& client, MonotonicTime now) const {
    const auto found = records_.find(client);
    if (found == records_.end()) return Seconds::zero();
    const Record& record = found->second;
    const std::int64_t current = step_of(now);
    std::uint64_t left = record.total(current);
    if (left < limit_) return Seconds::zero();
    // The steps expire oldest first; wait for the one whose end brings the rest under the limit.
    const auto window = static_cast<std::int64_t>(kSteps);
    std::int64_t step = current - window + 1;
    for (; step < record.newest; ++step) {
        left -= record.at(step);
        if (left < limit_) break;
    }
    return std::chrono::ceil<Seconds>(Step(step + window) - now);
}

void AttemptLimiter::count(const ClientId& client, MonotonicTime now) {
    const std::int64_t current = step_of(now);
    auto found = records_.find(client);
    if (found == records_.end()) {
        if (records_.size() >= clients_) make_room(current);
        found = records_.try_emplace(client, Record{{}, current}).first;
    }
    Record& record = found->second;
    record.advance(current);
    ++record.failures[static_cast<std::size_t>(record.newest) % kSteps];
}

void AttemptLimiter::take_back(const ClientId& client, MonotonicTime now) {
    const auto found = records_.find(client);
    if (found == records_.end()) return;
    Record& record = found->second;
    const std::int64_t current = step_of(now);
    record.advance(current);
    for (std::size_t back = 0; back < kSteps; ++back) {
        const auto step = static_cast<std::size_t>(record.newest) + kSteps - back;
        if (std::uint32_t& failures = record.failures[step % kSteps]; failures != 0) {
            --failures;
            break;
        }
    }
    if (record.total(current) == 0) records_.erase(found);
}

void AttemptLimiter::make_room(std::int64_t now) {
    const auto weight = [now](const auto& entry) {
        return std::pair(entry.second.total(now), entry.second.newest);
    };
    records_.erase(std::ranges::min_element(records_, {}, weight));
}

}  // namespace portal
