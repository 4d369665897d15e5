// What happens on the portal's own host: which page a request gets, and what portald is asked on
// the way. No I/O: the application asks.
//
//   GET  /            the sign-in page; the status page of who is signed in. With `voucher`, a
//                     code to put into its field
//   POST /sign-in     303 to the original URL if it is sealed, else to /status; or the sign-in page
//   GET  /status      the session; 303 to / of who has none
//   POST /sign-out    303 to /
//   GET  /terms       the venue's terms of use
//   GET  /logo        the venue's logo
//   GET  /remote, /remote/return    the way to the venue's application and back; see remote_site.h
//
// All of them take `url` and `seal` (seal.h), which they hand on, and `lang`, the language to
// answer in rather than the one that Accept-Language asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "domain/flow.h"
#include "http/message.h"
#include "http/target.h"
#include "ipc/protocol.h"
#include "responder/form.h"
#include "responder/form_token.h"
#include "responder/portal_pages.h"
#include "responder/seal.h"

namespace portal::responder {

// A request that was found in order: what to ask portald, and what its outcome page needs.
struct Submission {
    std::variant<ipc::SignIn, ipc::SignOut, ipc::RemoteStart, ipc::RemoteReturn> question;
    ClientId client;
    Carried carried;
    std::reference_wrapper<const Locale> locale = locales().front();
};

class PortalSite {
  public:
    explicit PortalSite(const ipc::Configuration& configuration);

    const PortalPages& pages() const { return pages_; }

    // Whose seals lead back from here.
    const Seal& seals() const { return seal_; }

    // The answer to what cannot be received, since portald does not say who is calling.
    http::Response unavailable(const http::Request& request, const http::Target& target,
                               const Flow& flow, FormToken::Time now) const;

    // An answer, or a question to ask first. `caller` is what portald says of `flow`.
    std::variant<http::Response, Submission> receive(const http::Request& request,
                                                     const http::Target& target, const Flow& flow,
                                                     const ipc::Caller& caller,
                                                     FormToken::Time now) const;

    // The answer once portald has spoken, or has not.
    http::Response conclude(const Submission& submission, const Result<ipc::Reply>& reply,
                            FormToken::Time now) const;

  private:
    // What every answer to a request starts from.
    struct Visit;
    // `fields` are those of the query or of the form. A seal that is not of this client counts as
    // none.
    Visit visit_of(const http::Request& request, Form fields, const Flow& flow,
                   FormToken::Time now) const;

    http::Response front(const Visit& visit, const ipc::Caller& caller, FormToken::Time now) const;
    http::Response status(const Visit& visit, const ipc::Caller& caller, FormToken::Time now) const;
    std::variant<http::Response, Submission> submitted(const http::Request& request,
                                                       const http::Target& target,
                                                       const Visit& visit, const Flow& flow,
                                                       const ipc::Caller& caller,
                                                       FormToken::Time now) const;
    std::variant<http::Response, Submission> to_remote(const http::Target& target,
                                                       const Visit& visit, const Flow& flow,
                                                       const ipc::Caller& caller) const;
    http::Response done(const Submission& submission, const ipc::Reply& reply) const;
    // `refusal`: none for what the method's credentials are wrong for.
    http::Response refused(const Submission& submission, FormToken::Time now,
                           std::optional<Refusal> refusal = {}, std::uint32_t devices = 0) const;
    bool offers(std::string_view method) const;

    PortalPages pages_;
    FormToken token_;
    Seal seal_;
    bool click_through_;
    bool password_;
    bool voucher_;
    bool remote_;
};

}  // namespace portal::responder
