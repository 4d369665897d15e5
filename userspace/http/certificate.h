// A server's certificate and its private key, as PEM files hold them.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace portal::http {

struct OpensslDelete {
    void operator()(X509* certificate) const;
    void operator()(EVP_PKEY* key) const;
};

// The server's own certificate, and those of the authorities between it and one that clients know.
class Certificate {
  public:
    // PEM, the server's own first.
    static Result<Certificate> parse(std::string_view pem);

    // Whether it stands for `hostname` (RFC 6125 §6.4), as a client asks that goes there by name.
    bool names(std::string_view hostname) const;
    WallTime valid_from() const;
    WallTime valid_until() const;
    // Whether clients would have to fetch the certificate of its issuer, which they cannot before
    // they have signed in (RFC 8908 §4.1): the file has none beside it, and it says where one is.
    bool lacks_issuer() const;

    X509* own() const { return chain_.front().get(); }
    // Beside its own.
    std::vector<X509*> others() const;

  private:
    using Chain = std::vector<std::unique_ptr<X509, OpensslDelete>>;
    explicit Certificate(Chain chain) : chain_(std::move(chain)) {}

    Chain chain_;  // at least one
};

class PrivateKey {
  public:
    // PEM, without a passphrase: nobody is there to type one.
    static Result<PrivateKey> parse(std::string_view pem);

    bool belongs_to(const Certificate& certificate) const;

    EVP_PKEY* get() const { return key_.get(); }

  private:
    explicit PrivateKey(std::unique_ptr<EVP_PKEY, OpensslDelete> key) : key_(std::move(key)) {}

    std::unique_ptr<EVP_PKEY, OpensslDelete> key_;
};

}  // namespace portal::http
