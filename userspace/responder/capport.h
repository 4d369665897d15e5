// The captive portal API (RFC 8908): tells a device whether it is captive, and where its user
// signs in. Over TLS alone (§4, §7); a device asks about itself alone (RFC 8952 §2.3), known by its
// connection like everybody.
#pragma once

#include <string>

#include "http/message.h"
#include "ipc/protocol.h"

namespace portal::responder {

class CapportApi {
  public:
    static constexpr const char* kPath = "/capport";

    // `configuration.tls` is set.
    explicit CapportApi(const ipc::Configuration& configuration);

    // To GET or HEAD, by a caller that portald knows. Who rather sees a page is sent to the sign-in
    // page (RFC 8910 §2).
    http::Response answer(const http::Request& request, const ipc::Caller& caller) const;

  private:
    std::string user_portal_url_;
    std::string venue_info_url_;
};

}  // namespace portal::responder
