// Sign-in by a voucher's code. The code is the user: sessions and events name it.
#pragma once

#include "auth/authenticator.h"
#include "store/voucher_store.h"

namespace portal::auth {

class Voucher final : public Authenticator {
  public:
    static constexpr std::string_view kMethod = "voucher";

    // `vouchers` must outlive this.
    explicit Voucher(store::VoucherStore& vouchers) : vouchers_(vouchers) {}

    std::string_view method() const override { return kMethod; }

    // A search for a digest and a small transaction. On the event loop it is, so that no
    // revocation comes between a redemption and its session.
    bool is_slow() const override { return false; }

    // Redeems the code for the client, or finds what is left of its time. A code that is
    // malformed, unknown, used up, expired or revoked is denied alike. One whose policy keeps the
    // client out is not redeemed; it is only told which it is.
    Result<Identity> authenticate(const Credentials& credentials) override;

  private:
    store::VoucherStore& vouchers_;
};

}  // namespace portal::auth
