#pragma once

#include "store/sqlite/database.h"
#include "store/voucher_store.h"

namespace portal::store::sqlite {

// VoucherStore in the tables `vouchers` and `voucher_redemptions`. `database` must outlive it.
//
// The key is the code's SHA-256: how far a search for a guessed code gets tells of its digest,
// which the guesser cannot steer.
class SqliteVoucherStore final : public VoucherStore {
  public:
    explicit SqliteVoucherStore(Database& database) : database_(database) {}

    Status add(std::span<const Voucher> vouchers) override;
    Result<std::vector<Voucher>> list() override;
    Result<std::optional<Voucher>> find(const VoucherCode& code) override;
    Result<std::vector<Redemption>> redemptions(const VoucherCode& code) override;
    Result<std::optional<Redeemed>> redeem(const VoucherCode& code, const ClientId& client,
                                           WallTime now, Seconds default_timeout) override;
    Result<Voucher> revoke(const VoucherCode& code, WallTime now) override;
    Result<std::size_t> forget(WallTime before, std::size_t most) override;

  private:
    Database& database_;
};

}  // namespace portal::store::sqlite
