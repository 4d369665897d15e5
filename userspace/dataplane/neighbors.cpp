#include "dataplane/neighbors.h"

#include "dataplane/abi.h"
#include "dataplane/map_walk.h"

namespace portal::dataplane {

Result<std::vector<Neighbor>> list_neighbors(int map_fd) {
    TRY_ASSIGN(const auto raw, (walk_map<neighbor_key, neighbor>(map_fd, PORTAL_NEIGHBORS)));
    std::vector<Neighbor> neighbors;
    neighbors.reserve(raw.size());
    for (const auto& [key, value] : raw)
        neighbors.push_back({from_abi(key.client), from_abi(key.address), value.ifindex,
                             MonotonicTime(static_cast<std::int64_t>(value.first_seen)),
                             MonotonicTime(static_cast<std::int64_t>(value.last_seen))});
    return neighbors;
}

}  // namespace portal::dataplane
