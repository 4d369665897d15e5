#include "certificates/issue.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace portal::test {

namespace {

template <auto Free>
struct Deleter {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};
template <typename T, auto Free>
using Owned = std::unique_ptr<T, Deleter<Free>>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using X509Certificate = Owned<X509, X509_free>;
using Bio = Owned<BIO, BIO_free>;

void require(bool ok, const char* what) {
    if (!ok) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

Key make_key(const Wish& wish) {
    Key key(wish.rsa ? EVP_RSA_gen(static_cast<unsigned>(wish.rsa_bits)) : EVP_EC_gen("P-256"));
    require(key != nullptr, "a key");
    return key;
}

X509Certificate blank(const std::string& name, EVP_PKEY* key, std::chrono::days valid) {
    static std::int64_t serial = 0;
    X509Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate.get()), ++serial);
    constexpr long day = 24 * 60 * 60;
    const long until = static_cast<long>(valid.count()) * day;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), std::min(-day, until - day));
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    require(X509_set_pubkey(certificate.get(), key) == 1, "a public key");
    return certificate;
}

void extend(X509* certificate, int id, const std::string& value) {
    Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()));
    require(extension != nullptr, value.c_str());
    X509_add_ext(certificate, extension.get(), -1);
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    require(X509_sign(certificate, key, EVP_sha256()) != 0, "a signature");
}

void make_authority(X509* certificate) {
    extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
}

template <typename Write>
std::string written(Write write) {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(write(bio.get()) == 1, "PEM");
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
    return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

constexpr std::chrono::days kAuthorityYears{3650};

}  // namespace

struct Authority::Holding {
    Key key;
    X509Certificate certificate;
};

Authority::Authority(const std::string& name) : holding_(std::make_unique<Holding>()) {
    holding_->key = make_key({});
    holding_->certificate = blank(name, holding_->key.get(), kAuthorityYears);
    make_authority(holding_->certificate.get());
    sign(holding_->certificate.get(), holding_->certificate.get(), holding_->key.get());
}

Authority::Authority(std::unique_ptr<Holding> holding) : holding_(std::move(holding)) {}

Authority::~Authority() = default;

Issued Authority::issue(const Wish& wish) const {
    const Key key = make_key(wish);
    const X509Certificate certificate = blank(wish.name, key.get(), wish.valid);
    extend(certificate.get(), NID_subject_alt_name, "DNS:" + wish.name);
    extend(certificate.get(), NID_ext_key_usage, "serverAuth");
    if (!wish.issuer_url.empty())
        extend(certificate.get(), NID_info_access, "caIssuers;URI:" + wish.issuer_url);
    sign(certificate.get(), holding_->certificate.get(), holding_->key.get());
    return {to_pem(certificate.get()), written([&](BIO* bio) {
                return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            })};
}

std::unique_ptr<Authority> Authority::intermediate(const std::string& name) const {
    auto holding = std::make_unique<Holding>();
    holding->key = make_key({});
    holding->certificate = blank(name, holding->key.get(), kAuthorityYears);
    make_authority(holding->certificate.get());
    sign(holding->certificate.get(), holding_->certificate.get(), holding_->key.get());
    return std::unique_ptr<Authority>(new Authority(std::move(holding)));
}

std::string Authority::certificate() const {
    return to_pem(holding_->certificate.get());
}

std::string encrypted(const std::string& key, const std::string& passphrase) {
    const Bio bio(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
    const Key read(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    return written([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, read.get(), EVP_aes_256_cbc(),
                                        reinterpret_cast<const unsigned char*>(passphrase.data()),
                                        static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

}  // namespace portal::test
