// The vouchers in force, and the sessions that hang on them.
//
// One thread. The store's calls wait for the disk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/session_manager.h"
#include "domain/voucher.h"
#include "store/voucher_store.h"

namespace portal::control {

class Vouchers {
  public:
    static constexpr std::uint32_t kMostAtOnce = 10'000;

    // All must outlive this.
    Vouchers(store::VoucherStore& store, SessionManager& sessions, const Clock& clock)
        : store_(store), sessions_(sessions), clock_(clock) {}

    // What new vouchers are to be.
    struct Order {
        std::uint32_t count = 1;  // to kMostAtOnce
        std::optional<Seconds> timeout = {};
        std::optional<std::string> policy = {};
        std::uint32_t uses = 1;
        std::optional<Seconds> valid_for = {};
        std::string note = {};
    };
    // ErrorCode::not_found: there is no such policy; ErrorCode::full: too many.
    Result<std::vector<Voucher>> create(const Order& order);

    Result<std::vector<Voucher>> list() const { return store_.list(); }

    // ErrorCode::not_found: there is no such voucher.
    struct Details {
        Voucher voucher;
        std::vector<Redemption> redemptions;
    };
    Result<Details> find(const VoucherCode& code) const;

    // Nobody signs in with it from now on, and the sessions begun with it end. If some of them
    // cannot be ended, doing it again goes on. ErrorCode::not_found: there is no such voucher.
    Result<Details> revoke(const VoucherCode& code);

    // Forgets some of those that were over before `horizon`; call it each minute.
    Status forget(WallTime horizon);

  private:
    store::VoucherStore& store_;
    SessionManager& sessions_;
    const Clock& clock_;
};

}  // namespace portal::control
