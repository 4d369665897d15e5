// Vouchers, and which devices have redeemed them.
//
// Every call may wait for the disk, and is durable when it returns; on failure nothing has
// changed. Any thread; calls are taken one at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "domain/voucher.h"

namespace portal::store {

class VoucherStore {
  public:
    static constexpr std::size_t kMostVouchers = 100'000;

    virtual ~VoucherStore() = default;

    // All or none, as new: Voucher::devices is not looked at. ErrorCode::conflict if a code is
    // there already, ErrorCode::full if there would be more than kMostVouchers.
    virtual Status add(std::span<const Voucher> vouchers) = 0;

    // Sorted by creation, then by code.
    virtual Result<std::vector<Voucher>> list() = 0;

    // The time that the search takes tells nothing of the codes there are.
    virtual Result<std::optional<Voucher>> find(const VoucherCode& code) = 0;

    // Sorted by client; none if there is no such voucher.
    virtual Result<std::vector<Redemption>> redemptions(const VoucherCode& code) = 0;

    struct Redeemed {
        Voucher voucher;  // as now stored
        Redemption redemption;
    };
    // Redeems the code for `client`, or finds that the client has done so and its time is not
    // over: its redemption is then the one it has. A new one ends after the voucher's timeout, or
    // `default_timeout`. None: the code does not admit the client.
    virtual Result<std::optional<Redeemed>> redeem(const VoucherCode& code, const ClientId& client,
                                                   WallTime now, Seconds default_timeout) = 0;

    // From `now` on; again changes nothing. ErrorCode::not_found if there is no such voucher.
    virtual Result<Voucher> revoke(const VoucherCode& code, WallTime now) = 0;

    // Forgets at most `most` of the vouchers that nobody has been able to use since `before`,
    // with their redemptions. Returns how many.
    virtual Result<std::size_t> forget(WallTime before, std::size_t most) = 0;
};

}  // namespace portal::store
