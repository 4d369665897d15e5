// Sign-in by user name and password, against the store's argon2id hashes.
#pragma once

#include <memory>
#include <string>

#include "auth/authenticator.h"
#include "store/user_store.h"

namespace portal::auth {

// One check takes 64 MiB of memory while it runs: the number of worker threads bounds the sum.
class Password final : public Authenticator {
  public:
    // `users` must outlive the result. Fails where libsodium cannot start.
    static Result<std::unique_ptr<Password>> create(store::UserStore& users);

    std::string_view method() const override { return "password"; }

    // An unknown user takes as long as a wrong password.
    Result<Identity> authenticate(const Credentials& credentials) override;

  private:
    Password(store::UserStore& users, std::string decoy_hash);

    store::UserStore& users_;
    std::string decoy_hash_;  // of no known password; checked where there is no user
};

}  // namespace portal::auth
