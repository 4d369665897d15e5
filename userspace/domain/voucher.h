// Vouchers: codes that sign devices in for a time.
//
// A device's time runs from its first redemption of a code. Until it is over, the same device may
// sign in again and gets the rest; each further device takes one of the voucher's uses.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "base/error.h"
#include "base/time.h"
#include "domain/client.h"

namespace portal {

// Twelve characters of an alphabet of 31: more than 59 bits. Of each group of look-alikes the
// alphabet has one: 0 for O, 1 for I and L, 5 for S, V for U.
class VoucherCode {
  public:
    static constexpr std::size_t kLength = 12;
    static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRTVWXYZ";

    // A random one (libsodium). Fails where libsodium cannot start.
    static Result<VoucherCode> generate();

    // The code, without groups.
    std::string_view characters() const { return {characters_.data(), characters_.size()}; }
    // As it is shown: "K7QF-M2XW-9RTD".
    std::string to_string() const;

    auto operator<=>(const VoucherCode&) const = default;

  private:
    friend Result<VoucherCode> parse_voucher_code(std::string_view text);

    std::array<char, kLength> characters_ = {'0', '0', '0', '0', '0', '0',
                                             '0', '0', '0', '0', '0', '0'};
};

// The longest text that is looked at as a code, in bytes.
inline constexpr std::size_t kLongestVoucherText = 64;

// Reads a code as people type it: in either case, with blanks and dashes anywhere, with
// look-alikes for each other. ErrorCode::invalid if it can be none; the text is not repeated.
Result<VoucherCode> parse_voucher_code(std::string_view text);

inline constexpr std::uint32_t kMostVoucherUses = 100'000;
inline constexpr std::size_t kLongestVoucherNote = 128;  // bytes

struct Voucher {
    VoucherCode code;
    std::optional<Seconds> timeout;       // of each device; none: as sessions have it
    std::optional<std::string> policy;    // none: "default"
    std::uint32_t uses = 1;               // devices that it admits; 0: kMostVoucherUses
    std::uint32_t devices = 0;            // that have redeemed it
    std::optional<WallTime> valid_until;  // for devices that have not; none: for ever
    std::string note;                     // the operator's
    WallTime created_at{};
    std::optional<WallTime> revoked_at;

    bool operator==(const Voucher&) const = default;
};

// What a device that comes anew finds.
enum class VoucherState {
    unused,
    in_use,   // and has room for more
    used_up,  // its devices may have time left
    expired,  // likewise
    revoked,  // nobody may use it any more
};

std::string_view to_string(VoucherState state);

VoucherState state_of(const Voucher& voucher, WallTime now);

// Whether a device that has not redeemed it yet may do so.
bool admits_another(const Voucher& voucher, WallTime now);

// A device's time with a voucher.
struct Redemption {
    ClientId client;
    WallTime redeemed_at{};
    WallTime ends_at{};

    bool operator==(const Redemption&) const = default;
};

// A note: at most kLongestVoucherNote bytes of UTF-8 without control characters.
Status check_voucher_note(std::string_view note);

}  // namespace portal
