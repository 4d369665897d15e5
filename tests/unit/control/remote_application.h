// The venue's application, as the protocol has it: reads what it is told, and grants.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <string>

#include "auth/jwt.h"
#include "control/remote_sign_in.h"
#include "fakes.h"

namespace portal::control::test {

inline RemoteSignIn::Settings settings() {
    return {.application = {.url = "https://venue.example.net/wifi",
                            .secret = "0123456789abcdef0123456789abcdef"},
            .portal = {.hostname = "portal.example.net", .port = 80},
            .longest_session = std::chrono::hours(8)};
}

class RemoteApplication {
  public:
    explicit RemoteApplication(const Clock& clock) : clock_(clock) {}

    // The claims of the token in the address that a guest is sent to.
    boost::json::object read(const std::string& address) const {
        const std::string before = settings().application.url + "?token=";
        EXPECT_TRUE(address.starts_with(before)) << address;
        const auto claims =
            auth::verify_jwt(address.substr(before.size()), settings().application.secret);
        EXPECT_TRUE(claims);
        return claims.value_or(boost::json::object());
    }

    // A grant for a minute to whom `request` is about, with `claims` besides or instead.
    std::string grant(const boost::json::object& request,
                      const boost::json::object& claims = {}) const {
        const auto now = std::chrono::floor<Seconds>(clock_.wall().time_since_epoch()).count();
        boost::json::object granted{
            {"iss", settings().application.url}, {"aud", "xdp-portal"}, {"sub", request.at("sub")},
            {"nonce", request.at("jti")},        {"iat", now},          {"exp", now + 60}};
        for (const auto& claim : claims)
            granted[claim.key()] = claim.value();
        return auth::sign_jwt(granted, settings().application.secret).value();
    }

  private:
    const Clock& clock_;
};

}  // namespace portal::control::test
