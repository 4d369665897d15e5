#include "responder/page.h"

#include <sodium.h>

#include <array>

namespace portal::responder {

std::string style_source(std::string_view css) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(css.data()),
                       css.size());
    std::array<char,
               sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)>
        text{};
    sodium_bin2base64(text.data(), text.size(), digest.data(), digest.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    return std::string("'sha256-") + text.data() + "'";
}

http::Response uncached(boost::beast::http::status status, std::string_view content_type,
                        std::string body) {
    http::Response response(status, 11);
    response.set(http::Field::content_type,
                 boost::beast::string_view(content_type.data(), content_type.size()));
    response.set(http::Field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.body() = std::move(body);
    response.keep_alive(false);
    return response;
}

http::Response redirect(boost::beast::http::status status, const std::string& location) {
    http::Response response(status, 11);
    response.set(http::Field::location, location);
    response.set(http::Field::cache_control, "no-store");
    response.keep_alive(false);
    return response;
}

}  // namespace portal::responder
