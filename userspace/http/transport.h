// The bytes of one connection, plain or within TLS: one type for both, so that who reads and
// writes messages need not know. An AsyncReadStream and AsyncWriteStream with a deadline.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace portal::http {

class Transport {
  public:
    using executor_type = boost::asio::io_context::executor_type;
    using Socket =
        boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, executor_type>;

    // `tls`: none is plain.
    Transport(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

    executor_type get_executor() { return plain_.get_executor(); }

    // The deadline of what begins from now on.
    void expires_after(std::chrono::seconds time) { plain_.expires_after(time); }

    // To be awaited before anything is read or written. False: the peer is gone, or speaks no TLS
    // where it should.
    boost::asio::awaitable<bool> handshake();

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        if (secure_) return secure_->async_read_some(buffers, std::forward<Token>(token));
        return plain_.async_read_some(buffers, std::forward<Token>(token));
    }
    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        if (secure_) return secure_->async_write_some(buffers, std::forward<Token>(token));
        return plain_.async_write_some(buffers, std::forward<Token>(token));
    }

    // Says goodbye, and reads what still comes until the deadline, so that the close is not a
    // reset that takes the last answer with it (RFC 9112 §9.6).
    boost::asio::awaitable<void> close_in_stages();

    // Ends what is under way, and the connection.
    void abort() { plain_.close(); }

  private:
    using Plain = boost::beast::basic_stream<boost::asio::generic::stream_protocol, executor_type>;

    Plain plain_;
    const std::shared_ptr<boost::asio::ssl::context> tls_;
    // Made when the peer has begun to speak TLS: it is large, and idle connections are many.
    std::optional<boost::beast::ssl_stream<Plain&>> secure_;
};

}  // namespace portal::http
