// Certificates for tests, made on the spot: an authority of the test's own, and what it issues.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace portal::test {

// Of a certificate to be issued.
struct Wish {
    std::string name = "portal.example.net";  // its DNS name
    std::chrono::days valid{90};              // from a day ago; negative: expired
    std::string issuer_url = {};              // where the issuer's is to be had; empty: not said
    bool rsa = false;                         // else ECDSA on P-256
    int rsa_bits = 2048;
};

struct Issued {
    std::string certificate;  // PEM
    std::string key;          // PEM
};

class Authority {
  public:
    explicit Authority(const std::string& name = "Test Authority");
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    // Throws std::runtime_error when OpenSSL refuses.
    Issued issue(const Wish& wish = {}) const;
    // An authority under this one.
    std::unique_ptr<Authority> intermediate(const std::string& name) const;
    // Its own certificate, PEM.
    std::string certificate() const;

  private:
    struct Holding;
    explicit Authority(std::unique_ptr<Holding> holding);

    std::unique_ptr<Holding> holding_;
};

// The same key within a passphrase.
std::string encrypted(const std::string& key, const std::string& passphrase);

}  // namespace portal::test
