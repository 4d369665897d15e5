// The two clocks. Verdicts are decided on the monotonic one, which the kernel's programs use as
// well; what is stored and shown is wall time, which may be set at any moment.
#pragma once

#include <chrono>

#include "base/time.h"

namespace portal {

// CLOCK_MONOTONIC, nanoseconds since some time before the boot's end.
using MonotonicTime = std::chrono::nanoseconds;

class Clock {
  public:
    virtual ~Clock() = default;
    virtual WallTime wall() const = 0;
    // The coarse reading, as bpf_ktime_get_coarse_ns() gives it.
    virtual MonotonicTime monotonic() const = 0;
};

class SystemClock final : public Clock {
  public:
    WallTime wall() const override;
    MonotonicTime monotonic() const override;
};

}  // namespace portal
