// A guard against forged form posts (CSRF) that needs no cookie: a keyed hash over the client and
// the hour. A foreign page can make a browser post, but cannot read the token out of our form.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/client.h"

namespace portal::responder {

class FormToken {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // With a random key: tokens end with the process. sodium_init() has been called.
    FormToken();

    // Lower-case hex.
    std::string issue(const ClientId& client, Time now) const;
    // Whether `token` was issued to `client` in this hour or the one before.
    bool valid(std::string_view token, const ClientId& client, Time now) const;

  private:
    std::string compute(const ClientId& client, std::int64_t hour) const;

    std::array<unsigned char, 32> key_;
};

}  // namespace portal::responder
