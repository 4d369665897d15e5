#include "control/deadlines.h"

#include <algorithm>
#include <optional>

namespace portal::control {

namespace {

std::optional<MonotonicTime> deadline_of(const dataplane::ClientEntry& entry) {
    std::optional<MonotonicTime> deadline = entry.expires_at;
    if (entry.idle_timeout > Seconds::zero()) {
        const MonotonicTime idle = entry.last_seen + entry.idle_timeout;
        deadline = deadline ? std::min(*deadline, idle) : idle;
    }
    return deadline;
}

}  // namespace

void Deadlines::set(const dataplane::ClientEntry& entry) {
    clear(entry.client);
    const auto deadline = deadline_of(entry);
    if (!deadline) return;
    times_.emplace(entry.client, *deadline);
    queue_.emplace(*deadline, entry.client);
}

void Deadlines::clear(const ClientId& client) {
    const auto known = times_.find(client);
    if (known == times_.end()) return;
    queue_.erase({known->second, client});
    times_.erase(known);
}

std::vector<ClientId> Deadlines::due(MonotonicTime now) const {
    std::vector<ClientId> clients;
    for (const auto& [time, client] : queue_) {
        if (time > now) break;
        clients.push_back(client);
    }
    return clients;
}

}  // namespace portal::control
