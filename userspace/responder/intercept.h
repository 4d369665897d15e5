// The answer to a stranger's request for somebody else's page: 511 (Network Authentication
// Required, RFC 6585 §6).
//
// It stands in for a foreign origin, so it must leave nothing behind there: no cookie, nothing a
// cache would keep, no challenge, no CORS permission, no Location. Every method gets it. It links
// to the sign-in page and never holds the form.
//
// The exception are probes that do not know 511 (probe_policy.h): they are told by a 302.
#pragma once

#include <optional>
#include <string>

#include "http/message.h"
#include "responder/locale.h"
#include "responder/template.h"

namespace portal::responder {

// How the answer leads to the sign-in page.
struct Way {
    std::optional<std::string> url;
    // Whether the page goes there by itself: not if it might only come back here.
    bool at_once = true;
};

class Interception {
  public:
    explicit Interception(std::string portal_name);

    // HTML comes in the language that the request asks for.
    http::Response answer(const http::Request& request, const Way& way) const;

  private:
    http::Response html(const Locale& locale, const Way& way) const;
    http::Response json(const Way& way) const;

    std::string portal_name_;
    Template page_;
    std::string policy_;
};

}  // namespace portal::responder
