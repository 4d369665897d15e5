// The audit trail. Append-only but for counting on, the retention and the limit of rows.
//
// Every call may wait for the disk, and is durable when it returns; on failure nothing has
// changed. Any thread; calls are taken one at a time. SessionStore appends records as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "domain/audit.h"

namespace portal::store {

// The most records kept; beyond, each new one takes the place of the oldest of its kind. Half are
// for what was accepted and half for the rest, so that failures push out failures alone.
struct AuditLimits {
    std::size_t accepted = 500'000;
    std::size_t others = 500'000;
};

// What a search asks for; what is left out matches all.
struct AuditFilter {
    std::optional<ClientId> client = {};
    std::optional<std::string> user = {};
    std::optional<WallTime> since = {};
    std::optional<std::uint64_t> before = {};  // an id: older records alone
    std::size_t limit = 100;
};

// More of what the newest record of this client, method and outcome says; of accepted ones, the
// newest with this user.
struct AuditRepeat {
    ClientId client;
    std::string method;
    std::optional<std::string> user = {};
    AuditOutcome outcome = AuditOutcome::throttled;
    std::uint32_t times = 1;

    bool operator==(const AuditRepeat&) const = default;
};

class AuditStore {
  public:
    virtual ~AuditStore() = default;

    // `record.id` is not looked at. Returns the one given; an id is never given twice.
    virtual Result<std::uint64_t> append(const AuditRecord& record) = 0;

    // Adds to the counts, all or none. A record that is gone is passed over.
    virtual Status count(std::span<const AuditRepeat> repeats) = 0;

    // Newest first.
    virtual Result<std::vector<AuditRecord>> list(const AuditFilter& filter) = 0;

    // Erases at most `most` records older than `before`. Returns how many.
    virtual Result<std::size_t> purge(WallTime before, std::size_t most) = 0;
};

}  // namespace portal::store
