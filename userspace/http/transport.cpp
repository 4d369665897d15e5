#include "http/transport.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>

namespace portal::http {

namespace asio = boost::asio;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

constexpr char kTlsHandshake = 0x16;  // RFC 8446 §5.1: ContentType

constexpr std::size_t kLargestDrain = 256 * 1024;

}  // namespace

Transport::Transport(Socket socket, std::shared_ptr<asio::ssl::context> tls)
    : plain_(std::move(socket)), tls_(std::move(tls)) {}

asio::awaitable<bool> Transport::handshake() {
    if (!tls_) co_return true;
    std::array<char, 512> first;
    const auto [error, size] = co_await plain_.async_read_some(asio::buffer(first), kAwait);
    // Plain HTTP, most often: a TLS alert would say nothing to it.
    if (error || first[0] != kTlsHandshake) co_return false;
    secure_.emplace(plain_, *tls_);
    const auto [failed, used] = co_await secure_->async_handshake(
        asio::ssl::stream_base::server, asio::buffer(first.data(), size), kAwait);
    if (failed) secure_.reset();
    co_return !failed;
}

asio::awaitable<void> Transport::close_in_stages() {
    // RFC 8446 §6.1: without close_notify, an answer might have been cut off.
    if (secure_) co_await secure_->async_shutdown(kAwait);
    boost::system::error_code ignored;
    plain_.socket().shutdown(Socket::shutdown_send, ignored);
    std::array<char, 4096> dropped;
    for (std::size_t drained = 0; drained < kLargestDrain;) {
        const auto [error, size] = co_await plain_.async_read_some(asio::buffer(dropped), kAwait);
        if (error) break;
        drained += size;
    }
    plain_.close();
}

}  // namespace portal::http
