// What proves that the portal itself told this client of an original URL: a keyed hash over the
// URL, the client's address and the hour.
//
// Who has signed in is redirected only to a URL with such a seal. A link that a third person made
// has none for this client, so the portal is no open redirector (CWE-601).
#pragma once

#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "responder/hourly_mac.h"

namespace portal::responder {

class Seal {
  public:
    using Time = HourlyMac::Time;

    // `seal_key` as in HourlyMac.
    explicit Seal(std::string_view seal_key) : mac_(seal_key, HourlyMac::Purpose::original_url) {}

    // Lower-case hex. `url` is one that carried_url() gave.
    std::string issue(std::string_view url, const IpAddress& client, Time now) const {
        return mac_.issue(sealed_text(url, client), now);
    }
    // Whether `seal` was issued for `url` and `client` in this hour or the one before.
    bool valid(std::string_view seal, std::string_view url, const IpAddress& client,
               Time now) const {
        return mac_.valid(seal, sealed_text(url, client), now);
    }

  private:
    // An address has no space in it, so that no two pairs make one text.
    static std::string sealed_text(std::string_view url, const IpAddress& client) {
        return client.to_string() + " " + std::string(url);
    }

    HourlyMac mac_;
};

}  // namespace portal::responder
