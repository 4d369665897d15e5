#include "auth/password.h"

#include <sodium.h>

#include <array>

#include "auth/password_hash.h"
#include "domain/session.h"

namespace portal::auth {

namespace {

std::unexpected<Error> denied() {
    return fail(ErrorCode::denied, "wrong user name or password");
}

}  // namespace

Password::Password(store::UserStore& users, std::string decoy_hash)
    : users_(users), decoy_hash_(std::move(decoy_hash)) {}

Result<std::unique_ptr<Password>> Password::create(store::UserStore& users) {
    if (sodium_init() < 0) return fail(ErrorCode::system, "libsodium cannot start");
    std::array<unsigned char, 16> random{};
    randombytes_buf(random.data(), random.size());
    std::array<char, 2 * random.size() + 1> text{};
    sodium_bin2hex(text.data(), text.size(), random.data(), random.size());
    TRY_ASSIGN(std::string hash, hash_password(text.data()));
    return std::unique_ptr<Password>(new Password(users, std::move(hash)));
}

Result<Identity> Password::authenticate(const Credentials& credentials) {
    // Its length is the guest's own and tells nothing of a user.
    if (credentials.password.size() > kLongestPassword) return denied();
    std::optional<store::User> user;
    if (check_name("user", credentials.user)) {
        TRY_ASSIGN(user, users_.find(credentials.user));
    }
    TRY_ASSIGN(const bool matches,
               verify_password(credentials.password, user ? user->password_hash : decoy_hash_));
    if (!user || !matches) return denied();
    return Identity{
        .user = std::move(user->name), .timeout = std::nullopt, .policy = std::move(user->policy)};
}

}  // namespace portal::auth
