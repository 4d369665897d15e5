// Carries the endpoints over HTTP: finds the route, reads query and body, writes JSON, problems
// and event streams.
#pragma once

#include "control/api/endpoint.h"
#include "control/router.h"
#include "http/server.h"

namespace portal::control::api {

class Handler final : public http::Handler {
  public:
    explicit Handler(Endpoints endpoints);

    bool wants_body(const http::Request& head, const http::Peer& peer) override;
    boost::asio::awaitable<http::Answer> handle(const http::Request& request,
                                                const http::Peer& peer) override;
    http::Response malformed(boost::beast::http::status status, std::string_view why) override;

  private:
    struct Routed {
        const Endpoint* endpoint = nullptr;
        Call call;
        std::optional<http::Response> refusal;  // instead
    };
    Routed route(const http::Request& request) const;

    Endpoints endpoints_;
    Router router_;
};

}  // namespace portal::control::api
