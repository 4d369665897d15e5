#include "domain/voucher.h"

#include <sodium.h>

#include <utility>

#include "base/text.h"

namespace portal {

namespace {

constexpr std::size_t kGroup = 4;

constexpr std::array<std::pair<char, char>, 5> kLookAlikes = {
    {{'O', '0'}, {'I', '1'}, {'L', '1'}, {'S', '5'}, {'U', 'V'}}};

char canonical(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    for (const auto& [typed, meant] : kLookAlikes)
        if (c == typed) return meant;
    return c;
}

}  // namespace

Result<VoucherCode> VoucherCode::generate() {
    // Opens the random source; once, then 1.
    if (sodium_init() < 0) return fail(ErrorCode::system, "libsodium cannot start");
    VoucherCode code;
    for (char& c : code.characters_)
        c = kAlphabet[randombytes_uniform(static_cast<std::uint32_t>(kAlphabet.size()))];
    return code;
}

std::string VoucherCode::to_string() const {
    std::string text;
    for (std::size_t i = 0; i < kLength; ++i) {
        if (i != 0 && i % kGroup == 0) text += '-';
        text += characters_[i];
    }
    return text;
}

Result<VoucherCode> parse_voucher_code(std::string_view text) {
    const auto malformed = [] {
        return fail(ErrorCode::invalid, "that is no voucher code",
                    "a code is 12 letters and digits, such as K7QF-M2XW-9RTD");
    };
    if (text.size() > kLongestVoucherText) return malformed();
    VoucherCode code;
    std::size_t length = 0;
    for (const char typed : text) {
        if (typed == ' ' || typed == '\t' || typed == '-') continue;
        const char c = canonical(typed);
        if (length == VoucherCode::kLength || !VoucherCode::kAlphabet.contains(c))
            return malformed();
        code.characters_[length++] = c;
    }
    if (length != VoucherCode::kLength) return malformed();
    return code;
}

std::string_view to_string(VoucherState state) {
    switch (state) {
        case VoucherState::unused:
            return "unused";
        case VoucherState::in_use:
            return "in_use";
        case VoucherState::used_up:
            return "used_up";
        case VoucherState::expired:
            return "expired";
        case VoucherState::revoked:
            return "revoked";
    }
    std::unreachable();
}

VoucherState state_of(const Voucher& voucher, WallTime now) {
    if (voucher.revoked_at) return VoucherState::revoked;
    if (voucher.devices >= (voucher.uses == 0 ? kMostVoucherUses : voucher.uses))
        return VoucherState::used_up;
    if (voucher.valid_until && *voucher.valid_until <= now) return VoucherState::expired;
    return voucher.devices == 0 ? VoucherState::unused : VoucherState::in_use;
}

bool admits_another(const Voucher& voucher, WallTime now) {
    const VoucherState state = state_of(voucher, now);
    return state == VoucherState::unused || state == VoucherState::in_use;
}

Status check_voucher_note(std::string_view note) {
    if (note.size() <= kLongestVoucherNote && is_plain_text(note)) return {};
    return fail(ErrorCode::invalid, "\"" + printable(note) + "\" is not a note",
                "use at most " + std::to_string(kLongestVoucherNote) +
                    " bytes of UTF-8 without control characters");
}

}  // namespace portal
