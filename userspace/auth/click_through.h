// Sign-in by agreeing to the terms: nobody is asked who they are.
#pragma once

#include "auth/authenticator.h"

namespace portal::auth {

class ClickThrough final : public Authenticator {
  public:
    std::string_view method() const override { return "click-through"; }
    bool is_guessable() const override { return false; }
    bool is_slow() const override { return false; }
    Result<Identity> authenticate(const Credentials&) override { return Identity{}; }
};

}  // namespace portal::auth
