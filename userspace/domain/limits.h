// What a client may use: rates, and how much in all.
#pragma once

#include <cstdint>

namespace portal {

struct Limits {
    std::uint64_t down = 0;   // bits a second to the client; 0: unlimited
    std::uint64_t up = 0;     // bits a second from the client; 0: unlimited
    std::uint64_t quota = 0;  // bytes of a session, both directions; 0: unlimited

    bool operator==(const Limits&) const = default;
};

}  // namespace portal
