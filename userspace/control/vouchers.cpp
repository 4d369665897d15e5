#include "control/vouchers.h"

#include <set>

#include "auth/voucher.h"

namespace portal::control {

namespace {

// Erased at a time, so that nobody waits for it.
constexpr std::size_t kForgetStep = 1000;

Status check(const Vouchers::Order& order) {
    if (order.count == 0 || order.count > Vouchers::kMostAtOnce)
        return fail(ErrorCode::invalid, std::to_string(order.count) + " vouchers cannot be made",
                    "ask for 1 to " + std::to_string(Vouchers::kMostAtOnce) + " at a time");
    if (order.uses > kMostVoucherUses)
        return fail(
            ErrorCode::invalid, std::to_string(order.uses) + " is too many devices for a voucher",
            "ask for at most " + std::to_string(kMostVoucherUses) + ", or 0 for as many as that");
    return check_voucher_note(order.note);
}

}  // namespace

Result<std::vector<Voucher>> Vouchers::create(const Order& order) {
    TRY(check(order));
    if (order.policy) TRY(sessions_.check_policy(*order.policy));
    Voucher voucher{.code = {},
                    .timeout = order.timeout,
                    .policy = order.policy,
                    .uses = order.uses,
                    .valid_until = std::nullopt,
                    .note = order.note,
                    .created_at = clock_.wall(),
                    .revoked_at = std::nullopt};
    if (order.valid_for) voucher.valid_until = voucher.created_at + *order.valid_for;
    std::set<VoucherCode> codes;
    while (codes.size() < order.count) {
        TRY_ASSIGN(const VoucherCode code, VoucherCode::generate());
        codes.insert(code);
    }
    std::vector<Voucher> vouchers;
    for (const VoucherCode& code : codes) {
        voucher.code = code;
        vouchers.push_back(voucher);
    }
    TRY(store_.add(vouchers));
    return vouchers;
}

Result<Vouchers::Details> Vouchers::find(const VoucherCode& code) const {
    TRY_ASSIGN(auto voucher, store_.find(code));
    if (!voucher)
        return fail(ErrorCode::not_found, "there is no voucher " + code.to_string(),
                    "voucher show lists them");
    TRY_ASSIGN(auto redemptions, store_.redemptions(code));
    return Details{std::move(*voucher), std::move(redemptions)};
}

Result<Vouchers::Details> Vouchers::revoke(const VoucherCode& code) {
    TRY(store_.revoke(code, clock_.wall()));
    TRY(sessions_.end_all(auth::Voucher::kMethod, code.to_string(), "voucher revoked"));
    return find(code);
}

Status Vouchers::forget(WallTime horizon) {
    TRY(store_.forget(horizon, kForgetStep));
    return {};
}

}  // namespace portal::control
