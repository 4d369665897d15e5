#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <exception>
#include <string>
#include <string_view>

namespace portal::http {

namespace asio = boost::asio;

namespace {

constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view kHttp11 = "\x08http/1.1";

// RFC 7301 §3.2: who offers protocols, and not ours, is told so.
int select_protocol(SSL*, const unsigned char** selected, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
    unsigned char* found = nullptr;
    const int result =
        SSL_select_next_proto(&found, size, reinterpret_cast<const unsigned char*>(kHttp11.data()),
                              static_cast<unsigned>(kHttp11.size()), offered, offered_size);
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *selected = found;
    return SSL_TLSEXT_ERR_OK;
}

std::unexpected<Error> fail_openssl(std::string what) {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    if (reason) what += std::string(": ") + reason;
    return fail(ErrorCode::invalid, std::move(what));
}

Status use(SSL_CTX* context, const Certificate& certificate, const PrivateKey& key) {
    ERR_clear_error();
    if (SSL_CTX_use_certificate(context, certificate.own()) != 1)
        return fail_openssl("the certificate cannot be used");
    for (X509* other : certificate.others())
        if (SSL_CTX_add1_chain_cert(context, other) != 1)
            return fail_openssl("a certificate of its issuers cannot be used");
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return fail_openssl("the key cannot be used");
    return {};
}

}  // namespace

Result<std::shared_ptr<asio::ssl::context>> make_tls_context(const Certificate& certificate,
                                                             const PrivateKey& key) {
    try {
        auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
        SSL_CTX* raw = context->native_handle();
        SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
        SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
        if (SSL_CTX_set_cipher_list(raw, kTls12Ciphers) != 1)
            return fail_openssl("OpenSSL has none of the cipher suites");
        // A session is in the client's ticket, not in a cache that strangers fill.
        SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_alpn_select_cb(raw, select_protocol, nullptr);
        TRY(use(raw, certificate, key));
        return context;
    } catch (const std::exception& error) {
        return fail(ErrorCode::system, std::string("OpenSSL does not start: ") + error.what());
    }
}

}  // namespace portal::http
