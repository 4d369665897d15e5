#include "store/sqlite/store.h"

#include "store/sqlite/audit_store.h"
#include "store/sqlite/database.h"
#include "store/sqlite/garden_store.h"
#include "store/sqlite/session_store.h"
#include "store/sqlite/user_store.h"
#include "store/sqlite/voucher_store.h"

namespace portal::store::sqlite {

namespace {

class DatabaseStore final : public Store {
  public:
    explicit DatabaseStore(std::unique_ptr<Database> database)
        : database_(std::move(database)),
          sessions_(*database_),
          users_(*database_),
          garden_(*database_),
          vouchers_(*database_),
          audit_(*database_) {}

    SessionStore& sessions() override { return sessions_; }
    UserStore& users() override { return users_; }
    GardenStore& garden() override { return garden_; }
    VoucherStore& vouchers() override { return vouchers_; }
    AuditStore& audit() override { return audit_; }

  private:
    std::unique_ptr<Database> database_;
    SqliteSessionStore sessions_;
    SqliteUserStore users_;
    SqliteGardenStore garden_;
    SqliteVoucherStore vouchers_;
    SqliteAuditStore audit_;
};

}  // namespace

Result<std::unique_ptr<Store>> open(const std::filesystem::path& path) {
    TRY_ASSIGN(auto database, Database::open(path));
    return std::make_unique<DatabaseStore>(std::move(database));
}

}  // namespace portal::store::sqlite
