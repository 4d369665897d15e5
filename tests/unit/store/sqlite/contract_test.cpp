#include <gtest/gtest.h>

#include "store/sqlite/store.h"
#include "unit/store/contract/backend.h"
#include "unit/temporary_directory.h"

namespace portal::store {
namespace {

class SqliteBackend final : public Backend {
  public:
    SqliteBackend() { reopen(); }

    SessionStore& sessions() override { return store_->sessions(); }
    UserStore& users() override { return store_->users(); }
    GardenStore& garden() override { return store_->garden(); }
    VoucherStore& vouchers() override { return store_->vouchers(); }
    AuditStore& audit() override { return store_->audit(); }

    void reopen() override {
        store_.reset();
        store_ = sqlite::open(directory_ / "portal.db").value();
    }

  private:
    TemporaryDirectory directory_;
    std::unique_ptr<sqlite::Store> store_;
};

std::unique_ptr<Backend> make() {
    return std::make_unique<SqliteBackend>();
}

INSTANTIATE_TEST_SUITE_P(Sqlite, SessionStoreContract, testing::Values(make));
INSTANTIATE_TEST_SUITE_P(Sqlite, UserStoreContract, testing::Values(make));
INSTANTIATE_TEST_SUITE_P(Sqlite, GardenStoreContract, testing::Values(make));
INSTANTIATE_TEST_SUITE_P(Sqlite, VoucherStoreContract, testing::Values(make));
INSTANTIATE_TEST_SUITE_P(Sqlite, AuditStoreContract, testing::Values(make));

}  // namespace
}  // namespace portal::store
