// Reading a whole hash map in batches (Linux 5.6).
#pragma once

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.h"

namespace portal::dataplane {

// Every entry of the hash map `fd`, in no order. Entries written meanwhile may or may not be
// among them.
template <typename Key, typename Value>
Result<std::vector<std::pair<Key, Value>>> walk_map(int fd, std::size_t max_entries) {
    // One bucket must fit into a batch, whatever its length; else the kernel says ENOSPC.
    std::size_t batch = std::min<std::size_t>(max_entries, 4096);
    std::vector<Key> keys(batch);
    std::vector<Value> values(batch);
    std::vector<std::pair<Key, Value>> entries;
    std::uint32_t position = 0;
    bool started = false;
    while (true) {
        auto count = static_cast<std::uint32_t>(batch);
        const int error = bpf_map_lookup_batch(fd, started ? &position : nullptr, &position,
                                               keys.data(), values.data(), &count, nullptr);
        if (error == -ENOSPC) {
            batch *= 2;
            keys.resize(batch);
            values.resize(batch);
            continue;
        }
        if (error != 0 && error != -ENOENT)
            return fail_errno("cannot read the entries of a map", {}, -error);
        for (std::uint32_t i = 0; i < count; ++i)
            entries.emplace_back(keys[i], values[i]);
        if (error == -ENOENT) return entries;
        started = true;
    }
}

}  // namespace portal::dataplane
