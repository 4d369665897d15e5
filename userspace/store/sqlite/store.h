// The default store: one SQLite file. Owns the database; the references live as long as it does.
#pragma once

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "store/audit_store.h"
#include "store/garden_store.h"
#include "store/session_store.h"
#include "store/user_store.h"
#include "store/voucher_store.h"

namespace portal::store::sqlite {

class Store {
  public:
    virtual ~Store() = default;

    virtual SessionStore& sessions() = 0;
    virtual UserStore& users() = 0;
    virtual GardenStore& garden() = 0;
    virtual VoucherStore& vouchers() = 0;
    virtual AuditStore& audit() = 0;
};

// Opens or creates the file (mode 0600) and brings its schema up to date. It is held until the
// Store ends: ErrorCode::conflict if another process has it. A file that is not this program's,
// is damaged, or was made by a newer version is refused and left as it is. `path` is absolute and
// its directory exists.
Result<std::unique_ptr<Store>> open(const std::filesystem::path& path);

}  // namespace portal::store::sqlite
