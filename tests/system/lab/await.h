// Waiting for what has no event to wait for: asked again and again, for a bounded time.
#pragma once

#include <poll.h>

#include <chrono>
#include <string>

#include "system/lab/failure.h"

namespace portal::lab {

// Far more than anything here takes; only a broken system under test gets there.
inline constexpr std::chrono::seconds kPatience{20};

// Until `condition()` is true; fails the test if it never is.
template <typename Condition>
void await(const std::string& what, Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) fail("never came: " + what);
        ::poll(nullptr, 0, 10);
    }
}

}  // namespace portal::lab
