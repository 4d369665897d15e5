// What must hold whatever the input. A breach ends the fuzzer, which then keeps the input.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace portal::fuzz {

inline void require(bool holds, const char* what, std::string_view evidence = {}) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n%.*s\n", what, static_cast<int>(evidence.size()),
                 evidence.data());
    std::abort();
}

}  // namespace portal::fuzz
