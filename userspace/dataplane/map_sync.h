// Making a map hold just what is wanted, entries that stay untouched.
#pragma once

#include <bpf/bpf.h>

#include <cstddef>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"

namespace portal::dataplane {

// The keys of any map that can be iterated (hash, LPM trie).
Result<std::vector<std::vector<std::byte>>> map_keys(int fd, std::size_t key_size);

// New entries are written before old ones are taken away, so that nothing wanted is missing
// meanwhile.
template <typename Key, typename Value>
Status sync_map(int fd, std::span<const std::pair<Key, Value>> wanted) {
    TRY_ASSIGN(const auto present, map_keys(fd, sizeof(Key)));
    for (const auto& [key, value] : wanted)
        if (const int error = bpf_map_update_elem(fd, &key, &value, BPF_ANY))
            return fail_errno("cannot write to a map of the dataplane", {}, -error);
    std::set<std::vector<std::byte>> staying;
    for (const auto& [key, value] : wanted) {
        const auto* first = reinterpret_cast<const std::byte*>(&key);
        staying.emplace(first, first + sizeof key);
    }
    for (const auto& bytes : present) {
        if (staying.contains(bytes)) continue;
        const int error = bpf_map_delete_elem(fd, bytes.data());
        if (error != 0 && error != -ENOENT)
            return fail_errno("cannot take an entry out of a map of the dataplane", {}, -error);
    }
    return {};
}

}  // namespace portal::dataplane
