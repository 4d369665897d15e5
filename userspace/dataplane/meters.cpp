#include "dataplane/meters.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "meter.h"

namespace portal::dataplane {

namespace {

// How deep a bucket is: for bulk more than the 200 ms that TCP waits at least before it sends again
// what was lost, or it would leave the rate unused; docs/OPERATIONS.md has what was measured. At
// the lowest rates two full frames, so that one is not the end of the credit.
constexpr std::uint64_t kBurst = 280'000'000 * std::uint64_t{METER_TICKS_PER_NSEC};
constexpr std::uint64_t kTwoFrames = 2 * 1518;

std::uint64_t burst_of(std::uint64_t rate) {
    return std::max<std::uint64_t>(kBurst, meter_ticks(rate, kTwoFrames));
}

std::uint64_t ticks(MonotonicTime time) {
    return static_cast<std::uint64_t>(time.count()) * METER_TICKS_PER_NSEC;
}

// The kernel writes to the words, too.
void write(__u64& word, std::uint64_t value) {
    std::atomic_ref(word).store(value, std::memory_order_relaxed);
}

std::uint64_t read(__u64& word) {
    return std::atomic_ref(word).load(std::memory_order_relaxed);
}

// Empty, at that rate from now on.
void begin(bucket& bucket, std::uint64_t rate, MonotonicTime now) {
    const std::uint64_t burst = burst_of(rate);
    write(bucket.full_at, ticks(now) + burst);
    write(bucket.burst, burst);
    write(bucket.rate, rate);
}

void change(bucket& bucket, std::uint64_t rate, MonotonicTime now) {
    if (read(bucket.rate) != rate) begin(bucket, rate, now);
}

}  // namespace

Result<Meters> Meters::open(int fd, std::uint32_t capacity) {
    void* map = mmap(nullptr, capacity * sizeof(meter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) return fail_errno("cannot map the clients' limits");
    return Meters(static_cast<meter*>(map), capacity);
}

Meters::Meters(Meters&& other) noexcept
    : meters_(std::exchange(other.meters_, nullptr)), capacity_(other.capacity_) {}

Meters::~Meters() {
    if (meters_) munmap(meters_, capacity_ * sizeof(meter));
}

void Meters::begin(std::uint32_t slot, const Limits& limits, std::uint64_t used,
                   MonotonicTime now) {
    if (slot >= capacity_) return;
    meter& meter = meters_[slot];
    write(meter.used, used);
    write(meter.quota, limits.quota);
    dataplane::begin(meter.up, limits.up, now);
    dataplane::begin(meter.down, limits.down, now);
}

void Meters::change(std::uint32_t slot, const Limits& limits, MonotonicTime now) {
    if (slot >= capacity_) return;
    meter& meter = meters_[slot];
    write(meter.quota, limits.quota);
    dataplane::change(meter.up, limits.up, now);
    dataplane::change(meter.down, limits.down, now);
}

Limits Meters::limits(std::uint32_t slot) const {
    if (slot >= capacity_) return {};
    meter& meter = meters_[slot];
    return {.down = read(meter.down.rate), .up = read(meter.up.rate), .quota = read(meter.quota)};
}

bool Meters::is_spent(std::uint32_t slot) const {
    return slot < capacity_ && meter_spent(&meters_[slot]);
}

}  // namespace portal::dataplane
