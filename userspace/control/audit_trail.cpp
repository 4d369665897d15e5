#include "control/audit_trail.h"

#include <utility>

#include "base/log.h"

namespace portal::control {

namespace {

constexpr MonotonicTime kHour = std::chrono::hours(1);
// Erased at a time, so that nobody waits for it.
constexpr std::size_t kPurgeStep = 10'000;

std::uint32_t records_per_hour(AuditOutcome outcome) {
    const bool of_ours = outcome == AuditOutcome::throttled || outcome == AuditOutcome::failed;
    return of_ours ? 1 : AuditTrail::kRecordsPerHour;
}

}  // namespace

std::optional<AuditRecord> AuditTrail::admit(AuditRecord record) {
    record.time = clock_.wall();
    Kind kind{record.client, record.method, record.outcome, std::nullopt};
    if (record.outcome == AuditOutcome::accepted) kind.user = record.user;
    if (hours_.size() >= kMostCounted && !hours_.contains(kind)) {
        if (const Status stored = store_counts(); !stored) log_error(stored.error());
        hours_.clear();
    }
    const MonotonicTime now = clock_.monotonic();
    Hour& hour = hours_.try_emplace(std::move(kind), Hour{.begin = now}).first->second;
    if (now - hour.begin >= kHour) {
        // What was counted belongs to the record before this one.
        if (hour.counted != 0)
            if (const Status stored = store_counts(); !stored) log_error(stored.error());
        hour = Hour{.begin = now};
    }
    if (hour.records >= records_per_hour(record.outcome)) {
        ++hour.counted;
        return std::nullopt;
    }
    ++hour.records;
    return record;
}

void AuditTrail::note(AuditRecord record) {
    const auto admitted = admit(std::move(record));
    if (!admitted) return;
    if (const auto stored = store_.append(*admitted); !stored)
        log_error(within("the audit record of " + admitted->client.to_string(), stored.error()));
}

Result<std::vector<AuditRecord>> AuditTrail::list(const store::AuditFilter& filter) {
    TRY(store_counts());
    return store_.list(filter);
}

Status AuditTrail::checkpoint() {
    TRY(store_counts());
    std::erase_if(hours_, [now = clock_.monotonic()](const auto& entry) {
        return now - entry.second.begin >= kHour;
    });
    TRY(store_.purge(horizon(), kPurgeStep));
    return {};
}

Status AuditTrail::store_counts() {
    std::vector<store::AuditRepeat> repeats;
    for (const auto& [kind, hour] : hours_)
        if (hour.counted != 0)
            repeats.emplace_back(kind.client, kind.method, kind.user, kind.outcome, hour.counted);
    TRY(store_.count(repeats));
    for (auto& [kind, hour] : hours_)
        hour.counted = 0;
    return {};
}

}  // namespace portal::control
