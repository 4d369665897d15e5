#include "unit/http/tls_client.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace portal::test {

namespace {

void trust(SSL_CTX* context, const std::string& pem) {
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    const std::unique_ptr<X509, void (*)(X509*)> authority(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

std::string last_error() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason ? reason : "the connection ended";
}

}  // namespace

void TlsClient::Free::operator()(SSL* ssl) const {
    SSL_free(ssl);
}
void TlsClient::Free::operator()(SSL_CTX* context) const {
    SSL_CTX_free(context);
}

TlsClient::TlsClient(RawClient raw, const TlsWish& wish)
    : raw_(std::move(raw)), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX* context = context_.get();
    // What the server must refuse is to be asked for.
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, wish.least_version);
    SSL_CTX_set_max_proto_version(context, wish.most_version);
    if (!wish.ciphers.empty()) SSL_CTX_set_cipher_list(context, wish.ciphers.c_str());
    if (!wish.authority.empty()) trust(context, wish.authority);
    ssl_.reset(SSL_new(context));
    if (!wish.protocols.empty())
        SSL_set_alpn_protos(ssl_.get(),
                            reinterpret_cast<const unsigned char*>(wish.protocols.data()),
                            static_cast<unsigned>(wish.protocols.size()));
    SSL_set_tlsext_host_name(ssl_.get(), wish.name.c_str());
    SSL_set1_host(ssl_.get(), wish.name.c_str());
    SSL_set_fd(ssl_.get(), raw_.fd());
    ERR_clear_error();
    if (SSL_connect(ssl_.get()) != 1) error_ = last_error();
}

TlsClient::~TlsClient() = default;
TlsClient::TlsClient(TlsClient&&) noexcept = default;

bool TlsClient::send(std::string_view bytes) {
    ERR_clear_error();
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
}

std::string TlsClient::read_to_end() {
    std::string got;
    std::array<char, 4096> block;
    int count = 0;
    ERR_clear_error();
    while ((count = SSL_read(ssl_.get(), block.data(), block.size())) > 0)
        got.append(block.data(), static_cast<std::size_t>(count));
    closed_properly_ = SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN;
    if (closed_properly_) SSL_shutdown(ssl_.get());
    return got;
}

std::string TlsClient::version() const {
    return SSL_get_version(ssl_.get());
}

std::string TlsClient::cipher() const {
    return SSL_get_cipher_name(ssl_.get());
}

std::string TlsClient::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::renegotiates() {
    ERR_clear_error();
    return SSL_renegotiate(ssl_.get()) == 1 && SSL_do_handshake(ssl_.get()) == 1 &&
           send("GET / HTTP/1.1\r\n") && SSL_renegotiate_pending(ssl_.get()) == 0;
}

}  // namespace portal::test
