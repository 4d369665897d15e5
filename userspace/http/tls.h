// TLS as a server speaks it here: 1.3, and 1.2 with forward secrecy and authenticated encryption
// (RFC 9325); no renegotiation, no compression, no early data; HTTP/1.1 by ALPN (RFC 7301).
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "base/error.h"
#include "http/certificate.h"

namespace portal::http {

// Reads OpenSSL's own configuration, which is a file: to be made before a sandbox closes.
// ErrorCode::invalid: the key is another certificate's, or OpenSSL takes either for too weak.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const Certificate& certificate,
                                                                    const PrivateKey& key);

}  // namespace portal::http
