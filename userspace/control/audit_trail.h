// Keeps the audit trail, and keeps it from filling the disk.
//
// What a client does again and again is not a record each time but counts on in the one there is:
// within an hour, one record for all that were throttled or failed for reasons of ours, and at
// most kRecordsPerHour for those accepted and for those refused, by each method. The counts
// reach the store with the next checkpoint().
//
// One thread. The store's calls wait for the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/duration.h"
#include "base/error.h"
#include "domain/audit.h"
#include "store/audit_store.h"

namespace portal::control {

class AuditTrail {
  public:
    static constexpr std::uint32_t kRecordsPerHour = 60;
    // Clients and methods whose records are counted; beyond, counting starts anew.
    static constexpr std::size_t kMostCounted = 16384;

    // Both must outlive this.
    AuditTrail(store::AuditStore& store, const Clock& clock) : store_(store), clock_(clock) {}

    void set_retention(Seconds retention) { retention_ = retention; }

    // The record, with its time, that is to be stored with the change it tells of; none where the
    // trail has counted it. Call it once for each.
    std::optional<AuditRecord> admit(AuditRecord record);

    // A record of what changed nothing. It is stored when the call returns, unless it was
    // counted; a failure is logged.
    void note(AuditRecord record);

    // Newest first.
    Result<std::vector<AuditRecord>> list(const store::AuditFilter& filter);

    // Writes the counts, and erases some of what is older than the retention; call it each minute
    // and at the end.
    Status checkpoint();

    // What is older than this is to be forgotten.
    WallTime horizon() const { return clock_.wall() - retention_; }

  private:
    struct Kind {
        ClientId client;
        std::string method;
        AuditOutcome outcome;
        std::optional<std::string> user;  // of accepted ones

        auto operator<=>(const Kind&) const = default;
    };
    struct Hour {
        MonotonicTime begin;
        std::uint32_t records = 0;
        std::uint32_t counted = 0;  // and not stored yet
    };

    Status store_counts();

    store::AuditStore& store_;
    const Clock& clock_;
    Seconds retention_ = std::chrono::hours(24 * 90);
    std::map<Kind, Hour> hours_;
};

}  // namespace portal::control
