// What every page has in common: headers that keep it out of caches, out of frames and free of
// anything but its own inline style.
#pragma once

#include <boost/beast/http/status.hpp>
#include <string>
#include <string_view>

#include "http/message.h"

namespace portal::responder {

// A Content-Security-Policy source for an inline <style> whose text is exactly `css`.
std::string style_source(std::string_view css);

// An answer with `no-store`, `Connection: close` and `nosniff`, without a policy of its own.
http::Response uncached(boost::beast::http::status status, std::string_view content_type,
                        std::string body);

// A redirect to `location`, an absolute URL, as little kept as any page, and without a body:
// ConnMan 1.41 acts on no redirect that has one.
http::Response redirect(boost::beast::http::status status, const std::string& location);

}  // namespace portal::responder
