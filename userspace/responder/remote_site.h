// The way to the venue's own application and back: what its requests ask of portald, and what is
// answered. No I/O: the application asks. The protocol is in docs/REMOTE.md.
//
//   GET /remote          303 to the application, with a token
//   GET /remote/return   signed in by the grant: 303 to the original URL if it was sealed, else
//                        to /status; without a grant 303 to /
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "domain/flow.h"
#include "http/message.h"
#include "http/target.h"
#include "ipc/protocol.h"
#include "responder/original_url.h"
#include "responder/portal_pages.h"

namespace portal::responder {

using RemoteQuestion = std::variant<ipc::RemoteStart, ipc::RemoteReturn>;

class RemoteSite {
  public:
    // `pages` outlives this.
    explicit RemoteSite(const PortalPages& pages) : pages_(pages) {}

    // Whether a path is of this site.
    static bool serves(std::string_view path);

    // Of a request whose path it serves, from the client that `caller` names. `original` is what
    // its query tells of the page the guest wanted.
    std::variant<http::Response, RemoteQuestion> receive(
        const http::Request& request, const http::Target& target, const Flow& flow,
        const ipc::Caller& caller, const std::optional<OriginalUrl>& original) const;

    // The answer once portald has spoken.
    http::Response conclude(const RemoteQuestion& question, const ipc::Reply& reply) const;

  private:
    http::Response returned(const ipc::Reply& reply) const;

    const PortalPages& pages_;
};

}  // namespace portal::responder
