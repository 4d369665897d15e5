// The limits of clients in the kernel, and what they have used of them: the map `meters`.
//
// The map is mapped into this process. Packets write to it all the while, so it is written by the
// word: what they count is never lost.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "base/error.h"
#include "domain/limits.h"

struct meter;

namespace portal::dataplane {

class Meters {
  public:
    // `capacity` is the map's. The descriptor is needed no longer than this call.
    static Result<Meters> open(int fd, std::uint32_t capacity);
    Meters(Meters&&) noexcept;
    Meters& operator=(Meters&&) = delete;
    ~Meters();

    // Another session begins in the slot, with `used` of its quota. Its buckets are empty, so that
    // there is nothing to be had by signing in again.
    void begin(std::uint32_t slot, const Limits& limits, std::uint64_t used, MonotonicTime now);
    // The same session under other limits, from the next packet on. It counts on, and a bucket
    // whose rate stays is as full as it was.
    void change(std::uint32_t slot, const Limits& limits, MonotonicTime now);

    // A slot out of range has no limits.
    Limits limits(std::uint32_t slot) const;
    // The kernel's decision whether the quota is used up.
    bool is_spent(std::uint32_t slot) const;

  private:
    Meters(meter* meters, std::uint32_t capacity) : meters_(meters), capacity_(capacity) {}

    meter* meters_;
    std::uint32_t capacity_;
};

}  // namespace portal::dataplane
