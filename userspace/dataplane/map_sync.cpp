#include "dataplane/map_sync.h"

#include <cerrno>

namespace portal::dataplane {

Result<std::vector<std::vector<std::byte>>> map_keys(int fd, std::size_t key_size) {
    std::vector<std::vector<std::byte>> keys;
    std::vector<std::byte> key(key_size);
    int error = bpf_map_get_next_key(fd, nullptr, key.data());
    while (error == 0) {
        keys.push_back(key);
        error = bpf_map_get_next_key(fd, keys.back().data(), key.data());
    }
    if (error != -ENOENT) return fail_errno("cannot list the keys of a map", {}, -error);
    return keys;
}

}  // namespace portal::dataplane
