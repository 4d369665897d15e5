#include "http/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string>

namespace portal::http {

namespace {

struct BioDelete {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioDelete>;
using OwnedCertificate = std::unique_ptr<X509, OpensslDelete>;

// What OpenSSL complains of stays in a queue, and would be taken for a later call's.
class NoErrorsLeft {
  public:
    NoErrorsLeft() { ERR_clear_error(); }
    ~NoErrorsLeft() { ERR_clear_error(); }
    NoErrorsLeft(const NoErrorsLeft&) = delete;
    NoErrorsLeft& operator=(const NoErrorsLeft&) = delete;
};

Bio reader_of(std::string_view pem) {
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Instead of OpenSSL's own, which asks at the terminal.
int no_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

WallTime to_wall_time(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return WallTime(std::chrono::seconds(timegm(&parts)));
}

}  // namespace

void OpensslDelete::operator()(X509* certificate) const {
    X509_free(certificate);
}
void OpensslDelete::operator()(EVP_PKEY* key) const {
    EVP_PKEY_free(key);
}

Result<Certificate> Certificate::parse(std::string_view pem) {
    const NoErrorsLeft clean;
    const Bio reader = reader_of(pem);
    Chain chain;
    while (auto next = OwnedCertificate(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)))
        chain.push_back(std::move(next));
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return fail(ErrorCode::invalid, "holds a PEM certificate that cannot be read",
                    "see what is in it: openssl x509 -noout -text -in FILE");
    if (chain.empty())
        return fail(ErrorCode::invalid, "holds no certificate in PEM",
                    "expected -----BEGIN CERTIFICATE-----, the server's own first and those of "
                    "its issuers after it");
    return Certificate(std::move(chain));
}

bool Certificate::names(std::string_view hostname) const {
    return X509_check_host(own(), hostname.data(), hostname.size(),
                           X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

WallTime Certificate::valid_from() const {
    return to_wall_time(X509_get0_notBefore(own()));
}

WallTime Certificate::valid_until() const {
    return to_wall_time(X509_get0_notAfter(own()));
}

bool Certificate::lacks_issuer() const {
    for (X509* other : others())
        if (X509_check_issued(other, own()) == X509_V_OK) return false;
    const std::unique_ptr<AUTHORITY_INFO_ACCESS, void (*)(AUTHORITY_INFO_ACCESS*)> access(
        static_cast<AUTHORITY_INFO_ACCESS*>(
            X509_get_ext_d2i(own(), NID_info_access, nullptr, nullptr)),
        AUTHORITY_INFO_ACCESS_free);
    for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i)
        if (OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(access.get(), i)->method) == NID_ad_ca_issuers)
            return true;
    return false;
}

std::vector<X509*> Certificate::others() const {
    std::vector<X509*> others;
    for (std::size_t i = 1; i < chain_.size(); ++i)
        others.push_back(chain_[i].get());
    return others;
}

Result<PrivateKey> PrivateKey::parse(std::string_view pem) {
    const NoErrorsLeft clean;
    bool asked = false;
    std::unique_ptr<EVP_PKEY, OpensslDelete> key(
        PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, no_passphrase, &asked));
    if (key) return PrivateKey(std::move(key));
    if (asked)
        return fail(ErrorCode::invalid, "is protected by a passphrase",
                    "store it without: openssl pkey -in FILE -out NEW, mode 0600");
    return fail(ErrorCode::invalid, "holds no private key in PEM",
                "expected -----BEGIN PRIVATE KEY-----");
}

bool PrivateKey::belongs_to(const Certificate& certificate) const {
    const NoErrorsLeft clean;
    return X509_check_private_key(certificate.own(), key_.get()) == 1;
}

}  // namespace portal::http
