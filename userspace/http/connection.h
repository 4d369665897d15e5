// One connection of the server: requests in, answers out, an orderly end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <string_view>

#include "http/first_bytes.h"
#include "http/server.h"

namespace portal::http {

class Connection {
  public:
    using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                    boost::asio::io_context::executor_type>;

    Connection(Socket socket, Peer peer, std::shared_ptr<Handler> handler, const Limits& limits);

    // From the first request to the close. Throws nothing of its own.
    boost::asio::awaitable<void> run();

  private:
    using Timed = boost::beast::basic_stream<boost::asio::generic::stream_protocol,
                                             boost::asio::io_context::executor_type>;

    // One request and its answer. Returns whether another may follow.
    boost::asio::awaitable<bool> exchange();
    boost::asio::awaitable<FirstBytes> read_first_bytes();
    boost::asio::awaitable<Answer> ask_handler(const Request& request);
    boost::asio::awaitable<bool> refuse(boost::beast::http::status status, std::string_view why,
                                        bool head);
    boost::asio::awaitable<bool> write(Response response, bool head, bool keep_alive);
    boost::asio::awaitable<bool> write(Stream answer, bool head);
    boost::asio::awaitable<void> close_in_stages();

    Timed stream_;
    boost::beast::flat_buffer buffer_;
    const Peer peer_;
    const std::shared_ptr<Handler> handler_;
    const Limits limits_;
};

}  // namespace portal::http
