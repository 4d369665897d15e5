#include "auth/voucher.h"

#include <algorithm>
#include <chrono>

namespace portal::auth {

namespace {

std::unexpected<Error> denied() {
    return fail(ErrorCode::denied, "not a valid voucher, or used up");
}

}  // namespace

Result<Identity> Voucher::authenticate(const Credentials& credentials) {
    const auto code = parse_voucher_code(credentials.voucher);
    if (!code) return denied();
    TRY_ASSIGN(const auto voucher, vouchers_.find(*code));
    if (!voucher) return denied();
    const auto timeout = credentials.session_timeout(voucher->policy);
    if (!timeout && admits_another(*voucher, credentials.now))
        return Identity{
            .user = code->to_string(), .timeout = std::nullopt, .policy = voucher->policy};
    TRY_ASSIGN(const auto redeemed, vouchers_.redeem(*code, credentials.client, credentials.now,
                                                     timeout.value_or(Seconds(1))));
    if (!redeemed) return denied();
    const auto rest = std::chrono::floor<Seconds>(redeemed->redemption.ends_at - credentials.now);
    return Identity{.user = code->to_string(),
                    .timeout = std::max(rest, Seconds(1)),
                    .policy = redeemed->voucher.policy};
}

}  // namespace portal::auth
