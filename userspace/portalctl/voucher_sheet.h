// A page of vouchers to print and to cut: HTML without anything beside it, for A4.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/error.h"

namespace portal::portalctl {

// A card, as text that is not escaped yet.
struct VoucherCard {
    std::string code;                    // as people read it
    std::optional<std::string> link;     // that signs in with it; none: the card shows no QR code
    std::string time;                    // "8h online"
    std::optional<std::string> devices;  // "for 3 devices"
    std::optional<std::string> valid_until;  // "2026-01-31 08:00 UTC"
};

// Plain ASCII: what is beyond stands as character references. ErrorCode::invalid: a link that
// fits no QR code.
Result<std::string> voucher_sheet(const std::string& venue, std::span<const VoucherCard> cards);

}  // namespace portal::portalctl
