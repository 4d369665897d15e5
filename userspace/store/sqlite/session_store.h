#pragma once

#include "store/session_store.h"
#include "store/sqlite/database.h"

namespace portal::store::sqlite {

// SessionStore in the table `sessions`. `database` must outlive it.
class SqliteSessionStore final : public SessionStore {
  public:
    explicit SqliteSessionStore(Database& database) : database_(database) {}

    Result<std::vector<Session>> load_all() override;
    Result<std::uint64_t> put(const Session& session, const AuditRecord* record) override;
    Result<bool> erase(const ClientId& client, const AuditRecord* record) override;
    Status checkpoint(std::span<const Checkpoint> checkpoints) override;

  private:
    Database& database_;
};

}  // namespace portal::store::sqlite
