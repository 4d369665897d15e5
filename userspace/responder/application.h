// The responder as an HTTP handler: tells the portal's own host from everybody else's, asks
// portald who is calling, and lets portal_site.h or intercept.h answer.
#pragma once

#include <memory>

#include "domain/flow.h"
#include "http/server.h"
#include "http/target.h"
#include "ipc/protocol.h"
#include "responder/intercept.h"
#include "responder/portal_site.h"
#include "responder/portald_client.h"
#include "responder/probe_policy.h"

namespace portal::responder {

class Application : public http::Handler {
  public:
    Application(ipc::Configuration configuration, std::shared_ptr<PortaldClient> portald);

    bool wants_body(const http::Request& head, const http::Peer& peer) override;
    boost::asio::awaitable<http::Answer> handle(const http::Request& request,
                                                const http::Peer& peer) override;
    http::Response malformed(boost::beast::http::status status, std::string_view why) override;

  private:
    boost::asio::awaitable<http::Response> serve_own(const http::Request& request,
                                                     const http::Target& target, const Flow& flow,
                                                     const ipc::Caller& caller);
    http::Response intercept(const http::Request& request,
                             const std::optional<http::Target>& target, const Flow& flow,
                             const std::optional<ipc::Caller>& caller) const;

    const ipc::Configuration configuration_;
    const std::shared_ptr<PortaldClient> portald_;
    const ProbePolicy probes_;
    Interception interception_;
    PortalSite site_;
};

}  // namespace portal::responder
