// The responder as an HTTP handler: tells the portal's own host from everybody else's, asks
// portald who is calling, and lets portal_site.h, capport.h or intercept.h answer.
//
// With TLS the portal's own host has its pages there alone, and by HTTP the way to them: no form
// and no password without TLS. What comes by TLS is the portal's own, and never intercepted.
#pragma once

#include <memory>
#include <optional>

#include "domain/flow.h"
#include "http/server.h"
#include "http/target.h"
#include "ipc/protocol.h"
#include "responder/capport.h"
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
    bool is_perhaps_own(const std::optional<http::Target>& target, const Flow& flow) const;
    http::Response to_https(const http::Request& request, const http::Target& target) const;
    static http::Response misdirected();
    boost::asio::awaitable<http::Response> serve_own(const http::Request& request,
                                                     const http::Target& target, const Flow& flow,
                                                     const ipc::Caller& caller);
    http::Response intercept(const http::Request& request,
                             const std::optional<http::Target>& target, const Flow& flow,
                             const std::optional<ipc::Caller>& caller) const;

    const ipc::Configuration configuration_;
    const std::shared_ptr<PortaldClient> portald_;
    // Whether the configuration alone tells where to sign in.
    const bool knows_the_way_;
    const ProbePolicy probes_;
    Interception interception_;
    PortalSite site_;
    std::optional<CapportApi> capport_;  // with TLS
};

}  // namespace portal::responder
