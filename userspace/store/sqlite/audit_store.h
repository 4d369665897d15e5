#pragma once

#include "store/audit_store.h"
#include "store/sqlite/database.h"

namespace portal::store::sqlite {

// AuditStore in the table `audit`. `database` must outlive it.
class SqliteAuditStore final : public AuditStore {
  public:
    explicit SqliteAuditStore(Database& database, const AuditLimits& limits = {})
        : database_(database), limits_(limits) {}

    Result<std::uint64_t> append(const AuditRecord& record) override;
    Status count(std::span<const AuditRepeat> repeats) override;
    Result<std::vector<AuditRecord>> list(const AuditFilter& filter) override;
    Result<std::size_t> purge(WallTime before, std::size_t most) override;

  private:
    Database& database_;
    const AuditLimits limits_;
};

// Appends a record within the caller's transaction; returns its id.
Result<std::uint64_t> append_audit(Database& database, const AuditRecord& record,
                                   const AuditLimits& limits = {});

}  // namespace portal::store::sqlite
