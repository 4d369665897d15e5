#include "responder/form_token.h"

#include <sodium.h>

namespace portal::responder {

namespace {

std::int64_t hour_of(FormToken::Time time) {
    return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
}

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

FormToken::FormToken() {
    static_assert(sizeof key_ == crypto_auth_KEYBYTES);
    crypto_auth_keygen(key_.data());
}

std::string FormToken::compute(const ClientId& client, std::int64_t hour) const {
    const std::string text = client.to_string() + " " + std::to_string(hour);
    std::array<unsigned char, crypto_auth_BYTES> tag{};
    crypto_auth(tag.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                key_.data());
    std::array<char, 2 * crypto_auth_BYTES + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), tag.data(), tag.size());
    return hex.data();
}

std::string FormToken::issue(const ClientId& client, Time now) const {
    return compute(client, hour_of(now));
}

bool FormToken::valid(std::string_view token, const ClientId& client, Time now) const {
    const std::int64_t hour = hour_of(now);
    const bool current = equal(token, compute(client, hour));
    const bool previous = equal(token, compute(client, hour - 1));
    return current || previous;
}

}  // namespace portal::responder
