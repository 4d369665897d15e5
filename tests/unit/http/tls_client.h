// A client that speaks TLS over a RawClient's socket: blocking, with what it accepts said by the
// test.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "unit/http/raw_client.h"

namespace portal::test {

struct TlsWish {
    std::string authority = {};  // PEM; empty: whatever the server shows
    std::string name = "portal.example.net";
    int least_version = 0;  // TLS1_3_VERSION, …; 0: the library's
    int most_version = 0;
    std::string ciphers = {};    // of TLS 1.2, as openssl-ciphers(1) has them; empty: the library's
    std::string protocols = {};  // for ALPN, on the wire: "\x08http/1.1"
};

class TlsClient {
  public:
    TlsClient(RawClient raw, const TlsWish& wish = {});
    ~TlsClient();
    TlsClient(TlsClient&&) noexcept;

    // Whether the handshake succeeded, the server's certificate verified by authority and name;
    // if not, `error()` says why.
    bool connected() const { return error_.empty(); }
    const std::string& error() const { return error_; }

    bool send(std::string_view bytes);
    // Until the server ends the connection.
    std::string read_to_end();
    // Whether that was with close_notify (RFC 8446 §6.1).
    bool closed_properly() const { return closed_properly_; }
    bool reset() const { return raw_.reset(); }

    std::string version() const;   // "TLSv1.3"
    std::string cipher() const;    // "TLS_AES_256_GCM_SHA384"
    std::string protocol() const;  // by ALPN; empty: none
    // Whether the server lets itself be asked for another handshake on this connection (TLS 1.2).
    bool renegotiates();

  private:
    struct Free {
        void operator()(SSL* ssl) const;
        void operator()(SSL_CTX* context) const;
    };

    RawClient raw_;
    std::unique_ptr<SSL_CTX, Free> context_;
    std::unique_ptr<SSL, Free> ssl_;
    std::string error_;
    bool closed_properly_ = false;
};

}  // namespace portal::test
