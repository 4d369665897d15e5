// One test suite over every kind of store: a kind gives a Backend, and instantiates the suites.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "store/audit_store.h"
#include "store/garden_store.h"
#include "store/session_store.h"
#include "store/user_store.h"
#include "store/voucher_store.h"

namespace portal::store {

// An empty store of a test's own.
class Backend {
  public:
    virtual ~Backend() = default;

    virtual SessionStore& sessions() = 0;
    virtual UserStore& users() = 0;
    virtual GardenStore& garden() = 0;
    virtual VoucherStore& vouchers() = 0;
    virtual AuditStore& audit() = 0;

    // Closes it and opens it again.
    virtual void reopen() = 0;
};

using MakeBackend = std::unique_ptr<Backend> (*)();

class Contract : public testing::TestWithParam<MakeBackend> {
  protected:
    SessionStore& sessions() { return backend_->sessions(); }
    UserStore& users() { return backend_->users(); }
    GardenStore& garden() { return backend_->garden(); }
    VoucherStore& vouchers() { return backend_->vouchers(); }
    AuditStore& audit() { return backend_->audit(); }
    void reopen() { backend_->reopen(); }

  private:
    std::unique_ptr<Backend> backend_ = GetParam()();
};

class SessionStoreContract : public Contract {};
class UserStoreContract : public Contract {};
class GardenStoreContract : public Contract {};
class VoucherStoreContract : public Contract {};
class AuditStoreContract : public Contract {};

}  // namespace portal::store
