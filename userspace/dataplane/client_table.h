// The gate's list of clients: who is signed in, trusted or blocked, and what each has used.
//
// A client not in the table is a stranger, and so is one whose entry does not count any more. The
// session manager is its only writer; the kernel writes `last_seen` and the usage. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/duration.h"
#include "base/error.h"
#include "domain/client.h"
#include "domain/limits.h"

namespace portal::dataplane {

struct ClientEntry {
    ClientId client;
    ClientState state = ClientState::authorized;  // never stranger
    std::uint64_t session = 0;                    // of the store
    std::optional<MonotonicTime> expires_at;      // none: never
    Seconds idle_timeout{0};                      // 0: none
    MonotonicTime last_seen{0};                   // of a frame from the client, to the second
    unsigned ifindex = 0;                         // of the client interface it is on; 0: any
    bool bound = false;                           // its addresses are its own alone
    Limits limits = {};
    bool spent = false;  // as read back: the quota is used up

    bool operator==(const ClientEntry&) const = default;
};

class ClientTable {
  public:
    virtual ~ClientTable() = default;

    // Adds the client or replaces its entry, in one map write: the next frame is decided by it.
    // The usage, and what counts against the quota, goes on counting while `entry.session` stays
    // the same; for another session it starts from `carried`. ErrorCode::full when there is no
    // room; then nothing has changed.
    virtual Status put(const ClientEntry& entry, const Usage& carried) = 0;

    // Makes the client a stranger. Not being there is no error.
    virtual Status erase(const ClientId& client) = 0;

    virtual std::optional<ClientEntry> find(const ClientId& client) const = 0;
    // What the entry's session has used so far; zero for a client not in the table.
    virtual Usage usage(const ClientId& client) const = 0;
    // Every entry, in no order.
    virtual Result<std::vector<ClientEntry>> list() const = 0;
    // Clients whose quota is used up. Cheap enough to be asked each second.
    virtual std::vector<ClientId> spent() const = 0;
    virtual std::size_t capacity() const = 0;
};

// The kernel's decision whether an entry still counts (bpf/client.h), for collecting the dead.
bool is_alive(const ClientEntry& entry, MonotonicTime now);

}  // namespace portal::dataplane
