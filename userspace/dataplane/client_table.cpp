#include "dataplane/client_table.h"

#include "client.h"

namespace portal::dataplane {

bool is_alive(const ClientEntry& entry, MonotonicTime now) {
    ::client raw{};
    raw.expires_at =
        entry.expires_at ? static_cast<std::uint64_t>(entry.expires_at->count()) : std::uint64_t{0};
    raw.last_seen = static_cast<std::uint64_t>(entry.last_seen.count());
    raw.idle_timeout = static_cast<std::uint32_t>(entry.idle_timeout.count());
    return client_alive(&raw, static_cast<std::uint64_t>(now.count())) && !entry.spent;
}

}  // namespace portal::dataplane
