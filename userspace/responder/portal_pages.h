// The pages of the portal's own host, from values to complete answers, in the guest's language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "ipc/protocol.h"
#include "responder/carried.h"
#include "responder/locale.h"
#include "responder/template.h"

namespace portal::responder {

// Why the sign-in page is shown again.
enum class Refusal {
    outdated,  // the form's token
    password,
    voucher,
    remote,
    device,  // whatever the form says
    elsewhere,
    not_now,
    devices,  // that the user has signed in already
};

// The sign-in page's variable parts.
struct SignInView {
    std::string token;
    Carried carried = {};
    std::string user = {};     // as typed before
    std::string voucher = {};  // as typed before, or as a link had it
    std::optional<Refusal> refusal = {};
    std::uint32_t devices = 0;  // that the user may have at once, if those are the refusal
};

struct StatusView {
    std::string token;  // of the sign-out button
    Carried carried = {};
    bool outdated = false;  // the form's token was
};

class PortalPages {
  public:
    explicit PortalPages(ipc::Configuration configuration);

    http::Response sign_in(const Locale& locale, boost::beast::http::status status,
                           const SignInView& view) const;
    // Of a caller that is signed in.
    http::Response status(const Locale& locale, boost::beast::http::status status,
                          const ipc::Caller& caller, const StatusView& view) const;
    // Not found where the venue has none.
    http::Response terms(const Locale& locale, const Carried& carried) const;
    http::Response logo(const Locale& locale) const;

    // portald has no record of the connection.
    http::Response unrecognised(const Locale& locale, const Carried& carried = {}) const;
    // portald does not answer.
    http::Response unavailable(const Locale& locale, const Carried& carried = {}) const;
    // This device has failed too often.
    http::Response throttled(const Locale& locale, Seconds retry_after,
                             const Carried& carried = {}) const;
    // There are too many at once.
    http::Response busy(const Locale& locale, Seconds retry_after,
                        const Carried& carried = {}) const;
    http::Response failed(const Locale& locale, const Carried& carried = {}) const;
    http::Response bad_form(const Locale& locale) const;
    http::Response foreign_form(const Locale& locale) const;
    http::Response not_found(const Locale& locale) const;
    http::Response method_not_allowed(const Locale& locale, std::string_view allowed) const;
    http::Response see_other(const std::string& location) const;

  private:
    struct Page;

    http::Response page(const Locale& locale, boost::beast::http::status status,
                        const Page& page) const;
    http::Response notice(const Locale& locale, boost::beast::http::status status,
                          const std::string& name, const Carried& carried = {},
                          const Values& values = {}) const;
    std::string policy(bool leads_back) const;
    std::string carried_fields(const Locale& locale, const Carried& carried) const;

    ipc::Configuration configuration_;
    std::string style_;
    std::string style_source_;
    Template layout_;
    Template carried_;
    Template sign_in_;
    Template status_;
    Template terms_;
    Template notice_;
};

}  // namespace portal::responder
