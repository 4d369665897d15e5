// The pages of the portal's own host, from values to complete answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "ipc/protocol.h"
#include "responder/template.h"

namespace portal::responder {

// The sign-in page's variable parts.
struct SignInView {
    std::string token;
    std::optional<std::string> url;  // carried; see original_url.h
    std::string seal;                // of url, valid; empty: none
    std::string user;                // as typed before
    std::string voucher;             // as typed before, or of a voucher's link
    std::string alert;               // what went wrong; empty: nothing has
};

struct StatusView {
    std::string token;  // of the sign-out button
    std::optional<std::string> url;
    std::string seal;
    std::string alert;
};

class PortalPages {
  public:
    explicit PortalPages(ipc::Configuration configuration);

    http::Response sign_in(boost::beast::http::status status, const SignInView& view) const;
    // Of a caller that is signed in.
    http::Response status(boost::beast::http::status status, const ipc::Caller& caller,
                          const StatusView& view) const;
    // portald has no record of the connection.
    http::Response unrecognised() const;
    // portald does not answer.
    http::Response unavailable() const;
    http::Response throttled(Seconds retry_after) const;
    http::Response failed() const;
    // The venue's application sent the guest back with what does not count.
    http::Response remote_refused() const;
    http::Response bad_form() const;
    http::Response foreign_form() const;
    http::Response not_found() const;
    http::Response method_not_allowed(std::string_view allowed) const;
    http::Response see_other(const std::string& location) const;

  private:
    struct Message;

    http::Response page(boost::beast::http::status status, std::string title,
                        std::string content) const;
    http::Response notice(boost::beast::http::status status, const Message& message) const;

    ipc::Configuration configuration_;
    Template layout_;
    Template sign_in_;
    Template status_;
    Template notice_;
    std::string policy_;
};

}  // namespace portal::responder
