// Where the venue's application brings grants by itself: one resource, and nothing else. Whoever
// asks is a stranger until portald finds the grant right.
//
//   POST /v1/grants   {"grant": JWT} → {"client", "expires_at"}, or a problem of RFC 9457:
//                     400 no such request, 403 no grant, 409 used before, 429 too many in vain
#pragma once

#include <memory>

#include "base/clock.h"
#include "http/server.h"
#include "ipc/protocol.h"
#include "responder/portald_client.h"

namespace portal::responder {

class GrantApi : public http::Handler {
  public:
    // Bounds for http::serve(): fewer and smaller than a guest's.
    static constexpr http::Limits kLimits{
        .header_bytes = 4 * 1024, .body_bytes = 8 * 1024, .connections = 256};

    GrantApi(std::shared_ptr<PortaldClient> portald, const Clock& clock)
        : portald_(std::move(portald)), clock_(clock) {}

    bool wants_body(const http::Request& head, const http::Peer& peer) override;
    boost::asio::awaitable<http::Answer> handle(const http::Request& request,
                                                const http::Peer& peer) override;
    http::Response malformed(boost::beast::http::status status, std::string_view why) override;

  private:
    http::Response answer(const ipc::Reply& reply) const;

    const std::shared_ptr<PortaldClient> portald_;
    const Clock& clock_;
};

}  // namespace portal::responder
