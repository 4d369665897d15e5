#include "domain/attempt_limiter.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace portal {

template <typename Key>
std::int64_t AttemptLimiter<Key>::step_of(MonotonicTime time) {
    return std::chrono::floor<Step>(time).count();
}

template <typename Key>
std::uint32_t AttemptLimiter<Key>::Record::at(std::int64_t step) const {
    return failures[static_cast<std::size_t>(step) % kSteps];
}

template <typename Key>
std::uint64_t AttemptLimiter<Key>::Record::total(std::int64_t now) const {
    std::uint64_t sum = 0;
    const auto window = static_cast<std::int64_t>(kSteps);
    for (std::int64_t step = std::max(now, newest) - window + 1; step <= newest; ++step)
        sum += at(step);
    return sum;
}

template <typename Key>
void AttemptLimiter<Key>::Record::advance(std::int64_t now) {
    if (now - newest >= static_cast<std::int64_t>(kSteps)) {
        failures.fill(0);
        newest = now;
    }
    while (newest < now)
        failures[static_cast<std::size_t>(++newest) % kSteps] = 0;
}

template <typename Key>
AttemptLimiter<Key>::AttemptLimiter(std::uint32_t failures_per_hour, std::size_t records)
    : limit_(failures_per_hour), most_(std::max<std::size_t>(records, 1)) {}

template <typename Key>
Seconds AttemptLimiter<Key>::retry_after(const Key& key, MonotonicTime now) const {
    const auto found = records_.find(key);
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

template <typename Key>
std::uint32_t AttemptLimiter<Key>::failures(const Key& key, MonotonicTime now) const {
    const auto found = records_.find(key);
    if (found == records_.end()) return 0;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(
        found->second.total(step_of(now)), std::numeric_limits<std::uint32_t>::max()));
}

template <typename Key>
void AttemptLimiter<Key>::count(const Key& key, MonotonicTime now) {
    const std::int64_t current = step_of(now);
    auto found = records_.find(key);
    if (found == records_.end()) {
        if (records_.size() >= most_) make_room(current);
        found = records_.try_emplace(key, Record{{}, current}).first;
    }
    Record& record = found->second;
    record.advance(current);
    ++record.failures[static_cast<std::size_t>(record.newest) % kSteps];
}

template <typename Key>
void AttemptLimiter<Key>::take_back(const Key& key, MonotonicTime now) {
    const auto found = records_.find(key);
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

template <typename Key>
void AttemptLimiter<Key>::make_room(std::int64_t now) {
    const auto weight = [now](const auto& entry) {
        return std::pair(entry.second.total(now), entry.second.newest);
    };
    records_.erase(std::ranges::min_element(records_, {}, weight));
}

template class AttemptLimiter<ClientId>;
template class AttemptLimiter<std::string>;

std::string account_key(std::string_view user) {
    std::string key(user);
    for (char& c : key)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return key;
}

}  // namespace portal
