// An HTTP/1.1 server over listening sockets: bounded, one coroutine per connection, on one
// io_context and so on one thread.
//
// Shared by the responder (TCP, hostile) and the API (Unix socket). What the handler returns is
// written as it is, with Content-Length, Date and Connection added; answers to HEAD go without
// their body. No exception leaves a connection's coroutine; a handler that throws is answered
// with 500.
#pragma once

#include <sys/types.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/unique_fd.h"
#include "http/message.h"

namespace portal::http {

struct Limits {
    std::size_t header_bytes = 8 * 1024;    // beyond: 431
    std::size_t body_bytes = 16 * 1024;     // beyond: 413
    std::size_t connections = 4096;         // beyond: who has kept us waiting longest makes room
    std::size_t connections_per_peer = 64;  // TCP: per address; beyond: closed at once
    std::chrono::seconds request_deadline{
        10};  // from accept, or the last answer, to a whole request; TLS handshake included
    std::chrono::seconds write_deadline{30};
    std::chrono::seconds linger{2};  // after the last answer: drain what still comes, then close
};

// Where a request came from.
struct Peer {
    std::optional<boost::asio::ip::tcp::endpoint> remote;  // TCP
    std::optional<boost::asio::ip::tcp::endpoint>
        local;                 // TCP; the original destination if steered
    std::optional<uid_t> uid;  // Unix socket (SO_PEERCRED)
    bool secure = false;       // by TLS
    std::chrono::steady_clock::time_point accepted_at = std::chrono::steady_clock::now();
};

// An endless answer: `head`, then each chunk that `next` gives until it gives none or the peer is
// gone, which is seen when a chunk is written. Sent as it comes, ended by closing the connection.
struct Stream {
    Response head;
    std::function<boost::asio::awaitable<std::optional<std::string>>()> next;
};

using Answer = std::variant<Response, Stream>;

class Handler {
  public:
    virtual ~Handler() = default;

    // Of a request that announces a body: whether to read it before handle(). If not, handle()
    // gets an empty body, no 100 (Continue) is ever sent, and the connection ends after the
    // answer.
    virtual bool wants_body(const Request& head, const Peer& peer) = 0;

    virtual boost::asio::awaitable<Answer> handle(const Request& request, const Peer& peer) = 0;

    // The answer to what is not a request: 400, 413, 431 or 505 by `status`.
    virtual Response malformed(boost::beast::http::status status, std::string_view why) = 0;
};

// A listener that is served.
class Serving {
  public:
    virtual ~Serving() = default;

    // Accepts nobody any more, and waits until the last connection has ended: each with the answer
    // to the request it is about.
    virtual boost::asio::awaitable<void> finish() = 0;
};

// Starts serving `listener`, a listening TCP or Unix stream socket, within TLS if there is a
// context for it; ends with the io_context. `limits` are this listener's own. A socket that cannot
// be served is logged and closed; then there is nothing to return. First bytes that are a TLS
// ClientHello where none is expected are answered with silence and a close, as is the HTTP/2
// preface, and plain HTTP where TLS is expected.
std::shared_ptr<Serving> serve(boost::asio::io_context& context, UniqueFd listener,
                               std::shared_ptr<Handler> handler, const Limits& limits,
                               std::shared_ptr<boost::asio::ssl::context> tls = nullptr);

}  // namespace portal::http
