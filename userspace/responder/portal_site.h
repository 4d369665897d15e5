// What happens on the portal's own host: which page a request gets, and what portald is asked on
// the way. No I/O: the application asks.
//
//   GET  /            the sign-in page, with the code of ?voucher= in its form; the status page of
//                     who is signed in
//   POST /sign-in     303 to the original URL if it is sealed, else to /status; or the sign-in page
//   GET  /status      the session; 303 to / of who has none
//   POST /sign-out    303 to /
//   GET  /remote, /remote/return    where remote sign-in is configured; see remote_site.h
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "domain/flow.h"
#include "http/message.h"
#include "http/target.h"
#include "ipc/protocol.h"
#include "responder/form.h"
#include "responder/form_token.h"
#include "responder/original_url.h"
#include "responder/portal_pages.h"
#include "responder/remote_site.h"
#include "responder/seal.h"

namespace portal::responder {

// A form that was found in order: what to ask portald, and what its outcome page needs.
struct Submission {
    std::variant<ipc::SignIn, ipc::SignOut, ipc::RemoteStart, ipc::RemoteReturn> question;
    ClientId client;
    std::optional<OriginalUrl> original;
};

class PortalSite {
  public:
    explicit PortalSite(const ipc::Configuration& configuration);
    PortalSite(const PortalSite&) = delete;
    PortalSite& operator=(const PortalSite&) = delete;

    const PortalPages& pages() const { return pages_; }
    // Whose seals lead back from here.
    const Seal& seals() const { return seal_; }

    // An answer, or a question to ask first. `caller` is what portald says of `flow`.
    std::variant<http::Response, Submission> receive(const http::Request& request,
                                                     const http::Target& target, const Flow& flow,
                                                     const ipc::Caller& caller,
                                                     FormToken::Time now) const;

    // The answer once portald has spoken, or has not.
    http::Response conclude(const Submission& submission, const Result<ipc::Reply>& reply,
                            FormToken::Time now) const;

  private:
    // What the fields `url` and `seal` say; a seal that is not of this client counts as none.
    std::optional<OriginalUrl> original_in(const Form& form, const Flow& flow,
                                           FormToken::Time now) const;
    http::Response front(const http::Target& target, const std::optional<OriginalUrl>& original,
                         const ipc::Caller& caller, FormToken::Time now) const;
    http::Response status(const std::optional<OriginalUrl>& original, const ipc::Caller& caller,
                          FormToken::Time now) const;
    std::variant<http::Response, Submission> submitted(const http::Request& request,
                                                       const http::Target& target, const Flow& flow,
                                                       const ipc::Caller& caller,
                                                       FormToken::Time now) const;
    http::Response refused(const Submission& submission, FormToken::Time now) const;
    bool offers(std::string_view method) const;

    PortalPages pages_;
    FormToken token_;
    Seal seal_;
    std::optional<RemoteSite> remote_;
    bool click_through_;
    bool password_;
    bool voucher_;
};

}  // namespace portal::responder
