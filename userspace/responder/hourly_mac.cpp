#include "responder/hourly_mac.h"

#include <sodium.h>

namespace portal::responder {

namespace {

constexpr char kKeyContext[crypto_kdf_CONTEXTBYTES + 1] = "xdpportl";

std::int64_t hour_of(HourlyMac::Time time) {
    return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
}

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

HourlyMac::HourlyMac(std::string_view seal_key, Purpose purpose) {
    static_assert(sizeof key_ == crypto_auth_KEYBYTES);
    std::array<unsigned char, crypto_kdf_KEYBYTES> master{};
    std::size_t size = 0;
    const int bad = sodium_hex2bin(master.data(), master.size(), seal_key.data(), seal_key.size(),
                                   nullptr, &size, nullptr);
    if (bad != 0 || size != master.size())
        crypto_auth_keygen(key_.data());
    else
        crypto_kdf_derive_from_key(key_.data(), key_.size(), static_cast<std::uint64_t>(purpose),
                                   kKeyContext, master.data());
    sodium_memzero(master.data(), master.size());
}

std::string HourlyMac::compute(std::string_view text, std::int64_t hour) const {
    const std::string input = std::to_string(hour) + " " + std::string(text);
    std::array<unsigned char, crypto_auth_BYTES> tag{};
    crypto_auth(tag.data(), reinterpret_cast<const unsigned char*>(input.data()), input.size(),
                key_.data());
    std::array<char, 2 * crypto_auth_BYTES + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), tag.data(), tag.size());
    return hex.data();
}

std::string HourlyMac::issue(std::string_view text, Time now) const {
    return compute(text, hour_of(now));
}

bool HourlyMac::valid(std::string_view tag, std::string_view text, Time now) const {
    const std::int64_t hour = hour_of(now);
    const bool current = equal(tag, compute(text, hour));
    const bool previous = equal(tag, compute(text, hour - 1));
    return current || previous;
}

}  // namespace portal::responder
