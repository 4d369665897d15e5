// A guard against forged form posts (CSRF) that needs no cookie: a keyed hash over the client and
// the hour. A foreign page can make a browser post, but cannot read the token out of our form.
#pragma once

#include <string>
#include <string_view>

#include "domain/client.h"
#include "responder/hourly_mac.h"

namespace portal::responder {

class FormToken {
  public:
    using Time = HourlyMac::Time;

    // `seal_key` as in HourlyMac.
    explicit FormToken(std::string_view seal_key) : mac_(seal_key, HourlyMac::Purpose::form) {}

    // Lower-case hex.
    std::string issue(const ClientId& client, Time now) const {
        return mac_.issue(client.to_string(), now);
    }
    // Whether `token` was issued to `client` in this hour or the one before.
    bool valid(std::string_view token, const ClientId& client, Time now) const {
        return mac_.valid(token, client.to_string(), now);
    }

  private:
    HourlyMac mac_;
};

}  // namespace portal::responder
